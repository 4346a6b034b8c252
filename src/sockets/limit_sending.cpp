#include "sockets/limit_sending.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>

#include "knowledge/share.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::limits {

namespace {

using std::chrono::microseconds;

constexpr const char* kSendKey = "net.ipv4.tcp_wmem";

/// What the sender's looks and the kernel's own clocks say, each as a part of the time.
struct SendShares {
  double window = 0;
  double buffer = 0;
  double path = 0;
  double nothing = 0;
};

SendShares shares_of(const Case& seen) {
  const FlowTally& tally = seen.flow.tally;
  const auto clock = [&seen](microseconds FlowLook::*field) {
    const auto passed = (seen.flow.last.*field - seen.flow.first.*field).count();
    return part(passed, seen.time.count());
  };
  return {
      .window = std::max(part(tally.behind_window, tally.looks), clock(&FlowLook::window_limited)),
      .buffer = std::max(part(tally.behind_buffer, tally.looks), clock(&FlowLook::buffer_limited)),
      .path = part(tally.behind_path, tally.looks),
      .nothing = part(tally.nothing_to_send, tally.looks)};
}

void blame_writer(const Case& seen, double certainty, FlowLimit& limit) {
  limit.limited_by = LimitedBy::application;
  limit.certainty = certainty;
  limit.because = "The application writes less than the connection could carry.";
  limit.evidence.push_back(look_evidence("notsent", percent(certainty),
                                         "of the looks found nothing that waits to be sent"));
  add_round_trips(seen, limit);
}

/// As a new socket has it: room for ten segments, twice or, under BBR, three times
/// (net/ipv4/tcp_input.c tcp_sndbuf_expand()). Whoever waits for room makes it grow; nobody has.
bool has_never_grown(const FlowLook& look) {
  constexpr std::uint32_t kHeaders = 512;  // at least; the sum is rounded up to a power of two
  constexpr std::uint32_t kBuffer = 256;   // struct sk_buff
  const std::uint32_t segment = std::bit_ceil(look.segment + kHeaders) + kBuffer;
  return look.send_buffer == 20 * segment || look.send_buffer == 30 * segment;
}

void blame_send_buffer(const Case& seen, double certainty, FlowLimit& limit) {
  const FlowLook& now = seen.flow.last;
  const auto sizes = seen.host.numbers(kSendKey);
  limit.certainty = certainty;
  limit.evidence.push_back(look_evidence(
      "sndbuf", std::to_string(now.send_buffer),
      fmt::format("bytes, full and all of it within the congestion window in {} of the looks",
                  percent(certainty))));
  const auto blocked = (now.buffer_limited - seen.flow.first.buffer_limited).count();
  limit.evidence.push_back(look_evidence("sndbuf_limited",
                                         percent(part(blocked, seen.time.count())),
                                         "of the time by the kernel's own clock"));
  add_round_trips(seen, limit);
  if (!sizes) {
    limit.limited_by = LimitedBy::send_buffer;
    limit.because = "The send buffer is full, and all of it is on the way.";
    return;
  }
  const std::int64_t largest = sizes->back();
  if (is_at(now.send_buffer, largest)) {
    limit.limited_by = LimitedBy::send_buffer;
    limit.key = kSendKey;
    limit.needs_bytes =
        size_needed(seen, seen.flow.tally.acked_peaks.back(), send_share(), largest);
    limit.because = fmt::format(
        "The send buffer is full, and all of it is on the way. It has grown to {}, the "
        "most that tcp_wmem allows.",
        size_text(now.send_buffer));
    return;
  }
  if (now.send_buffer > seen.flow.first.send_buffer && seen.flow.first.send_buffer > 0) {
    limit.limited_by = LimitedBy::unknown;
    limit.because = "The send buffer is still growing.";
    return;
  }
  if (has_never_grown(now)) return blame_writer(seen, certainty, limit);
  limit.limited_by = LimitedBy::setting;
  limit.because = fmt::format(
      "The send buffer is full, and all of it is on the way. It is {} and does not "
      "grow: the application set SO_SNDBUF.",
      size_text(now.send_buffer));
}

void blame_peer(const Case& seen, double certainty, FlowLimit& limit) {
  const FlowLook& now = seen.flow.last;
  limit.limited_by = LimitedBy::peer_window;
  limit.certainty = certainty;
  limit.because =
      now.peer_window
          ? fmt::format(
                "The peer's window of {} is full: its receive buffer is small, or its "
                "application does not read.",
                size_text(*now.peer_window))
          : std::string(
                "The peer's window is full: its receive buffer is small, or its application "
                "does not read.");
  limit.evidence.push_back(look_evidence("rwnd_limited", percent(certainty),
                                         "of the time the peer's window held the sender back"));
  add_round_trips(seen, limit);
  if (now.scales) return;
  limit.because = "The window cannot be larger than 64 KiB: window scaling is off at one end.";
  if (seen.host.number(kScalingKey).value_or(1) == 0) limit.key = kScalingKey;
}

/// SO_MAX_PACING_RATE, reached.
bool is_paced_by_setting(const Case& seen) {
  const auto limit = static_cast<double>(seen.flow.last.pacing_limit);
  return limit > 0 && seen.rate >= 0.75 * limit;
}

}  // namespace

void judge_sending(const Case& seen, FlowLimit& limit) {
  const SendShares shares = shares_of(seen);
  const double most = std::max({shares.window, shares.buffer, shares.path, shares.nothing});
  if (most == shares.nothing && shares.nothing > 0) return blame_writer(seen, most, limit);
  if (is_paced_by_setting(seen) && most == shares.path) {
    limit.limited_by = LimitedBy::setting;
    limit.certainty = most;
    limit.because = "It sends as fast as SO_MAX_PACING_RATE allows.";
    return;
  }
  // Without a queue and without loss the path takes more: a congestion window that is full now has
  // grown no further than the buffer let it.
  const auto resent = seen.flow.last.retransmitted - seen.flow.first.retransmitted;
  if (most == shares.path && shares.buffer >= 0.25 && !queue_stands(seen) && resent == 0) {
    return blame_send_buffer(seen, shares.buffer, limit);
  }
  const bool window = most == shares.window || most == shares.buffer;
  if (!window || queue_stands(seen)) return blame_path(seen, most, limit);
  if (most == shares.buffer) return blame_send_buffer(seen, most, limit);
  blame_peer(seen, most, limit);
}

}  // namespace tuner::limits
