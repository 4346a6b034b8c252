#pragma once

#include <string>

#include "tuner/fact.hpp"

namespace tuner {

inline constexpr std::string_view kPortRange = "net.ipv4.ip_local_port_range";
inline constexpr std::string_view kReservedPorts = "net.ipv4.ip_local_reserved_ports";

/// What people leave out of a key's name.
inline constexpr const char* kKeyPrefixes[] = {"", "net.ipv4.", "net.core.", "net.netfilter."};

/// The fact of a name as people write it, with dots or slashes; null for a name that is not known.
/// `key` becomes the whole name.
const Fact* fact_of(const std::string& name, std::string& key);

}  // namespace tuner
