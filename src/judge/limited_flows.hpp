#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "sockets/limit.hpp"
#include "tuner/finding.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::judge {

/// The connections to other hosts that one thing limits, weighed by what they moved.
struct LimitedFlows {
  std::vector<FlowLimit> flows{};  ///< the most bytes first
  std::uint64_t bytes = 0;         ///< that these moved
  std::uint64_t all = 0;           ///< that all to other hosts moved
};

/// Those that `limit` holds back. `host.flows` has a value.
LimitedFlows limited_flows(const HostSnapshot& host, LimitedBy limit);

/// The finding where nothing can be said: connections were not watched, or hardly anything moved.
std::optional<Finding> flows_not_judged(std::string_view subject, const HostSnapshot& host);

/// How bad it is; no value where it is little, see thresholds.
std::optional<Severity> weigh_flows(const LimitedFlows& limited);

/// "It held back connections with 71 % of the data that moved in 0.5 s, the largest to
/// 10.0.0.2:443 at 221 Mbit/s, with a round trip of 100 ms."
std::string flows_text(const LimitedFlows& limited, const HostSnapshot& host);

/// A finding on a buffer of this host that limits connections: with the value that frees them.
std::vector<Finding> buffer_limits_flows(std::string_view key, LimitedBy limit,
                                         const HostSnapshot& host);

}  // namespace tuner::judge
