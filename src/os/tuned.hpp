#pragma once

#include <vector>

#include "tuner/boot.hpp"

namespace tuner::os {

class FileSource;

/// Adds TuneD where it runs, with what its active profiles set. With reapply_sysctl, which is on by
/// default, it applies /run/sysctl.d, /etc/sysctl.d and /etc/sysctl.conf once more after its
/// profile, so that they win. Source: tuned/plugins/plugin_sysctl.py of TuneD, tuned-main.conf(5).
void add_tuned(FileSource& files, std::vector<KeyOwner>& owners);

}  // namespace tuner::os
