#pragma once

#include <string>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

namespace tuner::os {

/// Where this process is.
struct Surroundings {
  Place place{};
  /// The network, and the files that matter, are those of PID 1, for certain: what it starts acts
  /// on what we act on.
  bool as_first_process = false;
};

/// Errors: what tells one machine, boot or namespace from another could not be read, so that
/// nothing is known of what was done here.
Result<Surroundings> read_surroundings();

/// Whether the network namespace is not PID 1's, and what is written under a path would count for
/// the host. So it is with `ip netns exec`: its mounts lie over some of the host's directories, as
/// /etc/netns/NAME has them, and the others are the host's.
bool is_borrowed(const std::string& path);

/// Of this process; empty where /proc does not tell.
std::string path_of_program();

/// Who runs this process, and its command line.
Actor read_actor();

/// When a process began, in ticks since boot (field 22 of /proc/PID/stat): with the number it names
/// one process for good. Empty where there is none, or it has ended.
std::string start_of_process(int process);

}  // namespace tuner::os
