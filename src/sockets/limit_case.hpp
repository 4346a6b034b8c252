#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tuner/flows.hpp"
#include "tuner/path.hpp"

namespace tuner {
class HostSnapshot;
}

/// What the judgement of a sender and that of a receiver share.
namespace tuner::limits {

inline constexpr const char* kScalingKey = "net.ipv4.tcp_window_scaling";

/// What a rule for one direction looks at.
struct Case {
  const Flow& flow;
  const HostSnapshot& host;
  std::chrono::microseconds time{0};   ///< that the flow was watched
  std::chrono::microseconds rtt{0};    ///< on average
  std::chrono::microseconds least{0};  ///< 0: not known
  double rate = 0;                     ///< bytes a second
  bool sending = true;
};

/// A queue stands on the path: then the path is full, and a larger window only makes the queue
/// longer. A window that is smaller than the path may build one with each burst, and the path is
/// idle in between. A connection of this host to itself has no path.
bool queue_stands(const Case& seen);

double part(std::int64_t some, std::int64_t all);

/// "44 %", "4 MiB", "100 ms".
std::string percent(double share);
std::string size_text(std::uint64_t bytes);
std::string milliseconds_text(std::chrono::microseconds time);

Evidence look_evidence(std::string name, std::string value, std::string meaning);
void add_round_trips(const Case& seen, FlowLimit& limit);

/// The path: what says so is a queue that stands, data that waits for the congestion window, loss.
void blame_path(const Case& seen, double certainty, FlowLimit& limit);

/// A size that lets this end send or receive at the rate of the path: that of its bursts, which
/// come at the rate of the narrowest link; where it does not come in bursts, twice the present
/// rate. Twice the present size at least, in whole MiB.
std::int64_t size_needed(const Case& seen, std::uint64_t peak, const CarryingShare& share,
                         std::int64_t present);

/// A buffer that is as large as the kernel lets it grow by itself.
bool is_at(std::uint32_t buffer, std::int64_t largest);

}  // namespace tuner::limits
