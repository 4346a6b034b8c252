#pragma once

#include "tuner/boot.hpp"

namespace tuner {

BootView view_boot(const BootMaterial& material, const HostSnapshot& host);

}  // namespace tuner
