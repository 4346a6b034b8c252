#pragma once

#include <vector>

#include "os/read_sysctl_d.hpp"
#include "tuner/boot.hpp"

namespace tuner::os {

/// The programs of this host that set sysctls after the files were applied: ufw where it is
/// enabled, TuneD with its active profile, networkd and NetworkManager with their links, and those
/// of a table that run. Links are looked up in the kernel that runs.
std::vector<KeyOwner> read_key_owners(FileSource& files, Kernel kernel);

}  // namespace tuner::os
