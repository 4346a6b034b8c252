#pragma once

#include <string>
#include <string_view>

#include "tuner/boot.hpp"

namespace tuner {

/// Why a key may not exist yet when the sysctl files are applied at boot, as one sentence; empty
/// where it does. `path` is below /proc/sys.
std::string why_late(std::string_view path, const LoadedModules& modules);

/// Whether the key of a path comes with a module.
bool needs_module(std::string_view path);

}  // namespace tuner
