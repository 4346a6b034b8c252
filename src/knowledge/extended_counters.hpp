#pragma once

#include <span>

#include "knowledge/counter_use.hpp"

namespace tuner::facts {

/// Those of /proc/net/netstat; see counter_uses() for all.
std::span<const CounterUse> extended_counter_uses();

}  // namespace tuner::facts
