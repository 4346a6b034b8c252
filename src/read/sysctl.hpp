#pragma once

#include <string_view>

#include "tuner/sysctl.hpp"

namespace tuner::parse {

/// The content of a file below /proc/sys. Every text is a value.
SysctlValue sysctl_value(std::string_view text);

}  // namespace tuner::parse
