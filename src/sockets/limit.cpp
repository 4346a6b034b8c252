#include "sockets/limit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <span>

#include "sockets/limit_receiving.hpp"
#include "sockets/limit_sending.hpp"
#include "tuner/path.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using std::chrono::microseconds;

constexpr std::string_view kKeys[] = {"net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem",
                                      "net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_window_scaling",
                                      "net.ipv4.tcp_adv_win_scale"};

constexpr std::string_view kNames[kLimits] = {"send-buffer", "receive-buffer", "peer-window",
                                              "congestion",  "application",    "setting",
                                              "idle",        "unknown"};

/// The least of the round trips of all connections to a peer: one that joined a standing queue has
/// never seen the path without it.
using LeastRoundTrips = std::map<Address, microseconds>;

LeastRoundTrips least_round_trips(const FlowSurvey& survey) {
  LeastRoundTrips least;
  for (const Flow& flow : survey.flows) {
    const microseconds seen = flow.last.min_rtt;
    if (seen.count() == 0) continue;
    const auto [place, fresh] = least.emplace(flow.remote.address, seen);
    if (!fresh) place->second = std::min(place->second, seen);
  }
  return least;
}

/// Next to nothing: fewer bytes than a first flight carries, or hardly ever anything on the way.
bool is_idle(const limits::Case& seen, const FlowLimit& limit) {
  constexpr std::uint64_t kFirstFlight = 14600;
  constexpr double kSeldom = 0.02;
  if (limit.bytes < kFirstFlight) return true;
  if (limit.direction == FlowDirection::receiving) return false;
  return limits::part((seen.flow.last.busy - seen.flow.first.busy).count(), seen.time.count()) <
         kSeldom;
}

FlowLimit judged(const Flow& flow, FlowDirection direction, const FlowSurvey& survey,
                 const LeastRoundTrips& least, const HostSnapshot& host) {
  const bool sending = direction == FlowDirection::sending;
  const FlowTally& tally = flow.tally;
  const auto sum =
      sending || tally.receive_rtt_sum.count() == 0 ? tally.rtt_sum : tally.receive_rtt_sum;
  const auto known = least.find(flow.remote.address);
  limits::Case seen{.flow = flow, .host = host, .time = survey.time};
  seen.sending = sending;
  seen.rtt = tally.looks == 0 ? microseconds(0) : sum / tally.looks;
  seen.least = known == least.end() ? microseconds(0) : known->second;
  FlowLimit limit{.flow = &flow,
                  .direction = direction,
                  .bytes = sending ? flow.sent() : flow.received(),
                  .rtt = seen.rtt,
                  .min_rtt = seen.least};
  seen.rate = static_cast<double>(limit.bytes) * 1e6 / static_cast<double>(survey.time.count());
  // More than any link has: a tree may hold any number.
  limit.bits_per_second = static_cast<std::uint64_t>(std::min(seen.rate * 8, 1e15));
  if (is_idle(seen, limit)) {
    limit.limited_by = LimitedBy::idle;
    limit.certainty = 1;
    limit.because = "Next to nothing moved.";
    return limit;
  }
  if (sending) {
    limits::judge_sending(seen, limit);
  } else {
    limits::judge_receiving(seen, limit);
  }
  return limit;
}

}  // namespace

std::vector<FlowLimit> flow_limits(const FlowSurvey& survey, const HostSnapshot& host) {
  // A direction with less than a sixteenth of the other's bytes carries requests and
  // acknowledgements.
  constexpr std::uint64_t kLesser = 16;
  const LeastRoundTrips least = least_round_trips(survey);
  std::vector<FlowLimit> limits;
  for (const Flow& flow : survey.flows) {
    if (flow.sent() > 0 && flow.sent() >= flow.received() / kLesser) {
      limits.push_back(judged(flow, FlowDirection::sending, survey, least, host));
    }
    if (flow.received() > 0 && flow.received() >= flow.sent() / kLesser) {
      limits.push_back(judged(flow, FlowDirection::receiving, survey, least, host));
    }
  }
  std::stable_sort(limits.begin(), limits.end(),
                   [](const auto& left, const auto& right) { return left.bytes > right.bytes; });
  return limits;
}

std::optional<Setting> setting_that_frees(const FlowLimit& limit, const HostSnapshot& host) {
  if (limit.key.empty()) return std::nullopt;
  if (limit.needs_bytes == 0) return Setting{.key = limit.key, .value = "1"};
  const auto sizes = host.numbers(limit.key);
  if (!sizes) return std::nullopt;
  return Setting{.key = limit.key,
                 .value = fmt::format("{} {} {}", (*sizes)[0], (*sizes)[1], limit.needs_bytes)};
}

std::span<const std::string_view> keys_of_limits() { return kKeys; }

std::string_view limit_name(LimitedBy limit) { return kNames[static_cast<std::size_t>(limit)]; }

}  // namespace tuner
