#include "sockets/limit_receiving.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/share.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::limits {

namespace {

using std::chrono::microseconds;

constexpr const char* kReceiveKey = "net.ipv4.tcp_rmem";
constexpr const char* kModerateKey = "net.ipv4.tcp_moderate_rcvbuf";

/// What the scale of the handshake allows: 65,535 shifted by it.
std::int64_t most_offered(const Case& seen) {
  const FlowLook& now = seen.flow.last;
  return announced_window(65535, now.scales ? static_cast<int>(now.own_scale) : 0).count();
}

/// The window that the receiver offered, on average.
double own_window(const Case& seen) {
  const FlowLook& now = seen.flow.last;
  if (now.own_window) {
    return static_cast<double>(seen.flow.tally.own_window_sum) /
           static_cast<double>(seen.flow.tally.looks);
  }
  return static_cast<double>(
      part_of(Bytes(now.receive_buffer), receive_share(seen.host).usual).count());
}

void blame_reader(double certainty, FlowLimit& limit) {
  limit.limited_by = LimitedBy::application;
  limit.certainty = certainty;
  limit.because = "The application does not read: what came fills its receive buffer.";
  limit.evidence.push_back(look_evidence("rmem", percent(certainty),
                                         "of the looks found half of the receive buffer unread"));
}

/// The window was used up: why it is not larger.
void blame_receive_buffer(const Case& seen, double used, FlowLimit& limit) {
  const FlowLook& now = seen.flow.last;
  limit.certainty = std::min(1.0, used);
  limit.evidence.push_back(look_evidence(
      "rcvbuf", std::to_string(now.receive_buffer),
      fmt::format("bytes, whose window is used to {}", percent(std::min(1.0, used)))));
  add_round_trips(seen, limit);
  const auto sizes = seen.host.numbers(kReceiveKey);
  limit.limited_by = LimitedBy::receive_buffer;
  if (!sizes) {
    limit.because = "The window that this host offers is used up in each round trip.";
    return;
  }
  const bool grows = seen.host.number(kModerateKey).value_or(1) != 0;
  const std::int64_t largest = sizes->back();
  if (!now.scales && seen.host.number(kScalingKey).value_or(1) == 0) {
    limit.key = kScalingKey;
    limit.because = "The window cannot be larger than 64 KiB: window scaling is off here.";
  } else if (now.scales && own_window(seen) > 1.05 * static_cast<double>(most_offered(seen))) {
    limit.limited_by = LimitedBy::setting;
    limit.because = fmt::format(
        "The window that this host offers is used up in each round trip. Its scale of {} allows "
        "{}: the application set TCP_WINDOW_CLAMP or SO_RCVBUF, or the buffers were smaller when "
        "the "
        "connection began.",
        now.own_scale, size_text(static_cast<std::uint64_t>(most_offered(seen))));
  } else if (is_at(now.receive_buffer, largest)) {
    limit.key = kReceiveKey;
    limit.needs_bytes =
        size_needed(seen, seen.flow.tally.received_peaks.back(), receive_share(seen.host), largest);
    limit.because = fmt::format(
        "The window that this host offers is used up in each round trip. The receive buffer has "
        "grown to {}, the most that tcp_rmem allows.",
        size_text(now.receive_buffer));
  } else if (!grows && is_at(now.receive_buffer, (*sizes)[1])) {
    limit.key = kModerateKey;
    limit.because = "The receive buffer does not grow: tcp_moderate_rcvbuf is off.";
  } else if (now.receive_buffer > seen.flow.first.receive_buffer &&
             seen.flow.first.receive_buffer > 0) {
    limit.limited_by = LimitedBy::unknown;
    limit.because = "The receive buffer is still growing.";
  } else {
    limit.limited_by = LimitedBy::setting;
    limit.because = fmt::format(
        "The window that this host offers is used up in each round trip. The receive buffer is {} "
        "and does not grow: the application set SO_RCVBUF or TCP_WINDOW_CLAMP.",
        size_text(now.receive_buffer));
  }
}

}  // namespace

void judge_receiving(const Case& seen, FlowLimit& limit) {
  constexpr double kSteadyArrival = 0.8;  // a queue and data without a pause: not all of the proof
  constexpr double kUsedUp = 0.75;  // a window that grows with what is read keeps half of it free
  const FlowTally& tally = seen.flow.tally;
  const double unread = part(tally.unread, tally.looks);
  if (unread > 0.5) return blame_reader(unread, limit);
  const double in_flight = seen.rate * static_cast<double>(seen.rtt.count()) / 1e6;
  const double window = std::min(own_window(seen), static_cast<double>(most_offered(seen)));
  const double used = window > 0 ? in_flight / window : 0;
  const auto disordered = seen.flow.last.out_of_order - seen.flow.first.out_of_order;
  if (disordered > 0) {
    limit.evidence.push_back(look_evidence("rcv_ooopack", std::to_string(disordered),
                                           "segments that came behind a gap meanwhile"));
  }
  if (queue_stands(seen)) return blame_path(seen, kSteadyArrival, limit);
  if (used >= kUsedUp) return blame_receive_buffer(seen, used, limit);
  limit.because = "The window of this host has room: the sender or the path decides.";
  limit.evidence.push_back(
      look_evidence("rcv_wnd", fmt::format("{:.0f}", window),
                    fmt::format("bytes, of which {} were used in a round trip", percent(used))));
  add_round_trips(seen, limit);
}

}  // namespace tuner::limits
