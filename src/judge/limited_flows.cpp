#include "judge/limited_flows.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

bool is_of_this_host(const Flow& flow) {
  return flow.remote.address.is_loopback() || flow.remote.address == flow.local.address;
}

double share_of(const LimitedFlows& limited) {
  return limited.all == 0 ? 0
                          : static_cast<double>(limited.bytes) / static_cast<double>(limited.all);
}

}  // namespace

LimitedFlows limited_flows(const HostSnapshot& host, LimitedBy limit) {
  LimitedFlows limited;
  for (FlowLimit& one : flow_limits(*host.flows, host)) {
    if (is_of_this_host(*one.flow)) continue;
    limited.all += one.bytes;
    if (one.limited_by != limit) continue;
    limited.bytes += one.bytes;
    limited.flows.push_back(std::move(one));
  }
  return limited;
}

std::optional<Finding> flows_not_judged(std::string_view subject, const HostSnapshot& host) {
  const std::string about(subject);
  if (!host.flows) {
    const Unread& reason = host.flows.error();
    if (reason.why == Unread::Why::absent) return skipped(about, "Connections were not watched.");
    if (reason.why == Unread::Why::malformed) return not_seen(about, reason, host);
    // The other checks of sockets do without: a kernel without tcp_diag, a container without
    // netlink.
    return skipped(about, fmt::format("Connections cannot be watched here: sock_diag is {}.",
                                      unread_text(reason)));
  }
  if (host.flows->bytes >= threshold::kLeastMoved) return std::nullopt;
  return skipped(about, "Connections moved next to nothing while they were watched.");
}

std::optional<Severity> weigh_flows(const LimitedFlows& limited) {
  const double share = share_of(limited);
  if (limited.bytes < threshold::kLeastMoved || share < threshold::kLimitedRemark) {
    return std::nullopt;
  }
  return share < threshold::kLimitedWarning ? Severity::info : Severity::warning;
}

std::string flows_text(const LimitedFlows& limited, const HostSnapshot& host) {
  const FlowLimit& largest = limited.flows.front();
  const bool sending = largest.direction == FlowDirection::sending;
  std::string text = fmt::format(
      "It held back connections with {:.0f} % of the data that moved in {:.2g} s, the largest {} "
      "{} "
      "at {}",
      share_of(limited) * 100, static_cast<double>(host.flows->time.count()) / 1e6,
      sending ? "to" : "from",
      endpoint_text(largest.flow->remote.address, largest.flow->remote.port),
      text::rate(BitsPerSecond(static_cast<std::int64_t>(largest.bits_per_second))));
  if (largest.rtt.count() > 0) {
    text += fmt::format(" with a round trip of {:.3g} ms",
                        static_cast<double>(largest.rtt.count()) / 1000);
  }
  return text + '.';
}

std::vector<Finding> buffer_limits_flows(std::string_view key, LimitedBy limit,
                                         const HostSnapshot& host) {
  if (auto finding = flows_not_judged(key, host)) return {*finding};
  const LimitedFlows limited = limited_flows(host, limit);
  const auto severity = weigh_flows(limited);
  if (!severity) return {key_passed(key, host, "It limits no connection that moves much.")};
  const auto most = std::max_element(limited.flows.begin(), limited.flows.end(),
                                     [](const FlowLimit& left, const FlowLimit& right) {
                                       return left.needs_bytes < right.needs_bytes;
                                     });
  const auto setting = setting_that_frees(*most, host);
  if (!setting) return {key_passed(key, host, "No connection would be faster with a larger one.")};
  Finding finding = key_failed(*severity, setting->key, host, flows_text(limited, host));
  finding.evidence = limited.flows.front().evidence;
  finding.fix = set(setting->key, setting->value, "for new connections");
  finding.wanted = setting->value;
  return {finding};
}

}  // namespace tuner::judge
