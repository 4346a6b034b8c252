#pragma once

#include <string>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

namespace tuner::os {

/// Where this process is.
struct Surroundings {
  Place place{};
  /// Network and mounts are those of PID 1, for certain: what it starts acts on what we act on.
  bool as_first_process = false;
  /// The network namespace is not PID 1's, and /etc is: what is written there would count for the
  /// host. So it is with `ip netns exec`, which has mounts of its own over the host's files.
  bool borrowed_files = false;
};

/// Errors: what tells one machine, boot or namespace from another could not be read, so that
/// nothing is known of what was done here.
Result<Surroundings> read_surroundings();

/// Who runs this process, and its command line.
Actor read_actor();

/// When a process began, in ticks since boot (field 22 of /proc/PID/stat): with the number it names
/// one process for good. Empty where there is none, or it has ended.
/// ended.
std::string start_of_process(int process);

}  // namespace tuner::os
