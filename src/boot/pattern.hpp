#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/sysctl_d.hpp"

namespace tuner::boot {

/// In which order a pattern's matches come.
enum class MatchOrder {
  by_directory,  ///< directory by directory, as readdir(3) gives them: /proc/sys lists names sorted
  by_path,       ///< sorted as whole paths: "eth0.100/x" before "eth0/x"
};

/// "net/ipv4" of "net/ipv4/conf"; empty for the top.
std::string parent_of(const std::string& path);

/// Whether glob(7) would take `name` for one part of a pattern.
bool part_matches(const std::string& pattern, const std::string& name);

/// The alternatives of "{a,b}", nested ones too; the pattern itself where it has none.
std::vector<std::string> braces(const std::string& pattern);

/// What exists below /proc/sys under a pattern, as far as `kernel` knows. Doubled slashes of the
/// pattern stay, as glob(3) leaves them.
std::vector<std::string> matches(const KernelTree& kernel, const std::string& pattern,
                                 MatchOrder order);

/// Whether fnmatch(3) without flags takes the whole path: `*` then crosses slashes.
bool path_matches(const std::string& pattern, const std::string& path);

}  // namespace tuner::boot
