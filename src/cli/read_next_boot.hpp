#pragma once

#include <string>
#include <vector>

#include "change/next_boot.hpp"
#include "os/place.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// Reads the sysctl files, and says what the next boot makes of what tuner did here. Nothing where
/// /etc/sysctl.d is another namespace's.
Result<NextBoot> read_next_boot(const std::vector<Transaction>& history,
                                const os::Surroundings& here);

/// Sentences on it for a run that has just ended, which `history` does not know yet. `overruled`:
/// only what another file takes away.
enum class BootChanges { all, overruled };
std::vector<std::string> boot_warnings(const RunReport& run, std::vector<Transaction> history,
                                       const os::Surroundings& here, BootChanges which);

}  // namespace tuner::cli
