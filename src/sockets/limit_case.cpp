#include "sockets/limit_case.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/human.hpp"
#include "tuner/fact.hpp"

namespace tuner::limits {

namespace {

using std::chrono::microseconds;

/// A queue stands on the path: then the path is full, and a larger window only makes the queue
/// longer. Timers and the bursts of a window leave a little on any path.
bool has_queue(const Case& seen) {
  constexpr microseconds kNoise{2000};
  if (seen.rtt.count() == 0 || seen.least.count() == 0) return false;
  const microseconds extra = seen.rtt - seen.least;
  return extra > kNoise && extra * 4 > seen.least;
}

/// Whether data comes without a pause. A window that is smaller than the path comes in bursts: it
/// may build a queue each time, and the path is idle in between.
bool is_steady(const Case& seen) {
  const auto& peaks = seen.sending ? seen.flow.tally.acked_peaks : seen.flow.tally.received_peaks;
  const double step = 2.0 * seen.flow.last.segment * 1000 / FlowTally::kPiece.count();
  return static_cast<double>(peaks.back()) <= 1.25 * seen.rate + step;
}

}  // namespace

double part(std::int64_t some, std::int64_t all) {
  return all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all);
}

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

std::string size_text(std::uint64_t bytes) {
  return text::size(Bytes(static_cast<std::int64_t>(bytes)));
}

std::string milliseconds_text(microseconds time) {
  return fmt::format("{:.3g} ms", static_cast<double>(time.count()) / 1000);
}

bool queue_stands(const Case& seen) {
  const Flow& flow = seen.flow;
  const bool has_path =
      !flow.remote.address.is_loopback() && flow.remote.address != flow.local.address;
  return has_path && has_queue(seen) && is_steady(seen);
}

Evidence look_evidence(std::string name, std::string value, std::string meaning) {
  return {.source = "sock_diag",
          .name = std::move(name),
          .value = std::move(value),
          .meaning = std::move(meaning)};
}

void add_round_trips(const Case& seen, FlowLimit& limit) {
  if (seen.rtt.count() == 0) return;
  limit.evidence.push_back(look_evidence("rtt", milliseconds_text(seen.rtt), "round trip now"));
  if (seen.least.count() == 0) return;
  limit.evidence.push_back(
      look_evidence("min_rtt", milliseconds_text(seen.least), "least round trip to this peer"));
}

void blame_path(const Case& seen, double certainty, FlowLimit& limit) {
  limit.limited_by = LimitedBy::congestion;
  limit.certainty = certainty;
  const auto resent = seen.flow.last.retransmitted - seen.flow.first.retransmitted;
  limit.because = queue_stands(seen)
                      ? fmt::format("The path is full: the round trip has grown from {} to {}.",
                                    milliseconds_text(seen.least), milliseconds_text(seen.rtt))
                  : resent > 0 ? fmt::format("The path loses segments: {} were sent again.", resent)
                               : "The congestion window of this path is full.";
  add_round_trips(seen, limit);
  if (resent > 0) {
    limit.evidence.push_back(
        look_evidence("total_retrans", std::to_string(resent), "segments sent again meanwhile"));
  }
}

std::int64_t size_needed(const Case& seen, std::uint64_t peak, const CarryingShare& share,
                         std::int64_t present) {
  constexpr std::int64_t kMiB = std::int64_t{1} << 20;
  const bool bursts = static_cast<double>(peak) > 1.25 * seen.rate;
  const double rate = bursts ? static_cast<double>(peak) : 2 * seen.rate;
  const microseconds rtt = seen.least.count() > 0 ? seen.least : seen.rtt;
  const double data = rate * static_cast<double>(rtt.count()) / 1e6;
  const std::int64_t size =
      std::max(buffer_for(Bytes(static_cast<std::int64_t>(std::min(data, 2e9))), share).count(),
               2 * present);
  return std::min((size + kMiB - 1) / kMiB * kMiB, kIntMax / kMiB * kMiB);
}

bool is_at(std::uint32_t buffer, std::int64_t largest) {
  const auto size = static_cast<std::int64_t>(buffer);
  return size >= largest - largest / 32 && size <= largest + largest / 32;
}

}  // namespace tuner::limits
