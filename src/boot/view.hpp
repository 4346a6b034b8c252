#pragma once

#include "tuner/boot.hpp"

namespace tuner {

/// What sysctl files come to on a host: the winner of each key for both readers, the lines that set
/// it without effect, and what is never applied.
BootView view_boot(const BootMaterial& material, const HostSnapshot& host);

}  // namespace tuner
