#pragma once

#include "tuner/report.hpp"

namespace tuner {

/// `after` with its counters counted from `before` on. A counter that went backwards is malformed.
HostSnapshot difference(const HostSnapshot& before, const HostSnapshot& after,
                        std::chrono::milliseconds interval);

}  // namespace tuner
