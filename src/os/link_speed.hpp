#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tuner/sockets.hpp"

namespace tuner::os {

struct LinkSpeed {
  std::string name{};  ///< of the interface
  std::uint64_t bits_per_second = 0;
};

/// The speed of the network card that the route to an address leaves by. No value where there is no
/// route, and where the interface is none of hardware: a bridge, a tunnel or a veth has a speed
/// that no wire has.
std::optional<LinkSpeed> link_towards(const Address& address);

}  // namespace tuner::os
