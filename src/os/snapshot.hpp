#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/disguise.hpp"
#include "os/root_directory.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// What a snapshot came to.
struct SnapshotSummary {
  std::int64_t files = 0;
  std::int64_t sockets = 0;
  std::int64_t interfaces_left_out = 0;  ///< beyond the first: their own keys are not recorded
  std::vector<std::string> unread{};     ///< what could not be recorded, and why
};

/// Writes what audits of this host look at to `directory`, which must not be there or be empty, as
/// a tree that RootDirectory reads. Keys that are secrets (tcp_fastopen_key, stable_secret) are
/// left out; where addresses are replaced, so are the names of the host and its users, and all
/// comments. Nothing outside of the directory is touched. What was written is taken away again
/// where not all could be. Errors: see FilledDirectory; the sockets cannot be read.
Result<SnapshotSummary> write_snapshot(RootDirectory& root, const std::string& directory,
                                       Addresses addresses, const std::string& version);

}  // namespace tuner::os
