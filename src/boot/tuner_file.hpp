#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/sysctl_d.hpp"
#include "tuner/transaction.hpp"

/// The sysctl.d file that tuner writes, as it is found on a host: comments on lines of their own
/// and plain assignments, the form that all measured readers take alike.
namespace tuner {

inline constexpr std::string_view kFragmentHeader = "# Written by tuner";

/// What its first line says behind that.
inline constexpr std::string_view kForProfile = " for the profile ";
inline constexpr std::string_view kAnew = ". The next apply writes it anew.";

inline constexpr std::string_view kFragmentDirectory = "/etc/sysctl.d/";
inline constexpr std::string_view kPendingDirectory = "/run/sysctl.d/";

/// The names that the file can have, each of which sorts behind more of those that others have.
inline constexpr std::array<std::string_view, 4> kFragmentNames = {
    "90-tuner.conf", "99-tuner.conf", "99-zz-tuner.conf", "zz-tuner.conf"};

/// "_pending.conf", behind the stem of one of them: the name below /run while a change waits.
inline constexpr std::string_view kPendingEnd = "_pending.conf";

/// Whether a file is what a change that is waiting for confirmation put below /run: it is gone
/// after a boot, so no view of the next one has it.
bool is_pending_fragment(const ConfigFile& file);

struct FragmentLine {
  std::string key{};
  std::string value{};
  std::string why{};
};

/// The profile that a text of fragment_text() names; empty for none.
std::string_view fragment_profile(std::string_view text);

/// The assignments of a text that fragment_text() made.
std::vector<FragmentLine> fragment_lines(std::string_view text);

/// The keys that a change gives up: they had a line in tuner's file, and have none in the new one.
std::set<std::string> dropped_keys(const std::vector<Step>& steps);

/// By key, what a change that is waiting for confirmation set; empty where none does.
std::map<std::string, std::string> waiting_values(const ConfigTree& files);

/// Whether a path is one of those that tuner's file can have.
bool is_fragment_path(std::string_view path);

/// tuner's file below /etc/sysctl.d; null where there is none.
const ConfigFile* own_fragment(const ConfigTree& files);

/// The tree with a file in place of one of the same path; without it where `text` is empty.
ConfigTree with_file(ConfigTree files, const std::string& path, std::string_view text);

/// The tree as the next boot finds it.
ConfigTree without_run(ConfigTree files);

/// `text` in one line: what is written into a comment must not end it.
std::string on_one_line(std::string_view text);

}  // namespace tuner
