#pragma once

#include <optional>
#include <string_view>

#include "tuner/ports.hpp"

namespace tuner::parse {

/// "8080,9100-9110" as the kernel prints ip_local_reserved_ports. No value for anything else.
std::optional<PortList> port_list(std::string_view text);

}  // namespace tuner::parse
