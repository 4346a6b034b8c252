#pragma once

#include <vector>

#include "os/file_source.hpp"
#include "tuner/apply.hpp"

namespace tuner::os {

/// The programs at work on this host that set sysctls by themselves: TuneD with its active profile,
/// systemd-networkd with its links, bpftune.
std::vector<KeyOwner> read_key_owners(FileSource& files);

}  // namespace tuner::os
