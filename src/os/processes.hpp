#pragma once

#include <string>
#include <vector>

#include "tuner/apply.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// The processes of systemd's units, by their cgroups; where no unit is given, those of this
/// network namespace that listen on TCP.
std::vector<RunningProcess> read_processes(const std::vector<std::string>& units);

/// The limit of open files of a process named by its target, as "SOFT HARD" with "unlimited" for
/// no limit. Errors: it ended; not permitted.
Result<std::string> read_open_files(const std::string& target);
Result<void> write_open_files(const std::string& target, const std::string& limit);

/// Whether it is still the same process.
bool is_alive(const std::string& target);

}  // namespace tuner::os
