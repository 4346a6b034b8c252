#pragma once

#include "os/read_evidence.hpp"

namespace tuner::os {

/// The drops of every interface of this namespace, by rtnetlink.
Observed<std::vector<InterfaceDrops>> read_interface_drops();

}  // namespace tuner::os
