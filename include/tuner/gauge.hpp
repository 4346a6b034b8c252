#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {

class HostSnapshot;

/// How much of something with a limit is taken at the moment.
struct Gauge {
  std::string name{};     ///< "TIME_WAIT", "accept queue 0.0.0.0:443"
  std::string setting{};  ///< what sets the limit: a key or a limit's name
  std::int64_t used = 0;
  std::int64_t limit = 0;  ///< above zero
  std::string unit{};      ///< of both: "connections", "ports"
  /// What of it presses, and where the end really is, where a rule weighs other numbers than it
  /// tells: ports that tcp_tw_reuse takes count for nothing.
  std::optional<std::int64_t> pressing{};
  std::optional<std::int64_t> end{};

  /// The share that is taken, in percent: never above 100, and above 0 where anything is.
  [[nodiscard]] int percent() const {
    if (used <= 0) return 0;
    const double share = 100.0 * static_cast<double>(used) / static_cast<double>(limit);
    return std::clamp(static_cast<int>(share), 1, 100);
  }
};

}  // namespace tuner
