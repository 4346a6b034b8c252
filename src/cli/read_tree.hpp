#pragma once

#include <chrono>
#include <string>

#include "os/root_directory.hpp"
#include "tuner/reading.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// Reads a host or a captured tree. Errors: failure, where it holds neither sysctls nor counters.
Result<HostSnapshot> read_tree(os::RootDirectory& root, const std::string& path,
                               const Reading& reading);

/// The same from its path. Errors: as above, and a path that is not a directory.
Result<HostSnapshot> read_tree_at(const std::string& path, const Reading& reading);

/// The time that documents carry.
std::chrono::sys_seconds now();

}  // namespace tuner::cli
