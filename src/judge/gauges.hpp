#pragma once

#include "tuner/gauge.hpp"

namespace tuner {

/// The limits and queues of a host, as far as they were read: tables of the host first, then the
/// fullest of its queues, peers and processes, a handful of each.
std::vector<Gauge> gauges_of(const HostSnapshot& host);

/// Near its end or there; no value where there is room.
std::optional<Severity> fill_of(const Gauge& gauge);

}  // namespace tuner
