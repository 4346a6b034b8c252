#pragma once

#include <cstdint>
#include <span>
#include <string_view>
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
}

namespace tuner::judge {

/// A belief about a setting that its value shows, and what is true instead.
struct Myth {
  std::string_view id;
  std::string_view key;
  Severity severity;
  /// Whether a value follows the belief.
  bool (*believed)(const HostSnapshot& host, const std::vector<std::int64_t>& value);
  std::string_view truth;
  std::string_view source;
};

/// What a comment beside net.ipv4.tcp_fin_timeout says that the key is for.
enum class FinTimeoutPurpose {
  unsaid,
  time_wait,  ///< the belief
  orphans,    ///< of FIN_WAIT2: what it does
};

FinTimeoutPurpose fin_timeout_purpose(std::string_view comment);

inline constexpr std::string_view kFinTimeoutMyth = "fin_timeout_time_wait";

/// The beliefs that a running value shows.
std::span<const Myth> myths();

}  // namespace tuner::judge
