#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::slow_start_after_idle_on {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_slow_start_after_idle";

std::vector<Finding> check(const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, kKey);
  if (demand == nullptr) return {};
  const auto judgement = judge::judge(*demand, input.host);
  Finding finding = judge::finding_of(judgement, input.host, Severity::info);
  if (finding.status != Status::fail) return {finding};
  finding.message = "It is on: an idle connection restarts with the initial window.";
  if (const auto& control = input.host.sysctl("net.ipv4.tcp_congestion_control")) {
    finding.evidence = {{.source = "/proc/sys/net/ipv4/tcp_congestion_control",
                         .name = "net.ipv4.tcp_congestion_control",
                         .value = control->text,
                         .meaning = "the congestion control of new connections"}};
  }
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "slow-start-after-idle-on",
    .what = "tcp_slow_start_after_idle is on, and the profile wants it off.",
    .why =
        "A connection that was idle for a retransmission timeout restarts with the initial window. "
        "Long-lived connections with pauses then send each burst slowly.",
    .fix =
        "Set net.ipv4.tcp_slow_start_after_idle = 0. Congestion controls that pace on their own, "
        "such as BBR, ignore it.",
    .source = "include/net/tcp.h tcp_slow_start_after_idle_check(); RFC 7661; TOAST 2015 3.4",
    .reads = {kKey, "net.ipv4.tcp_congestion_control"},
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::slow_start_after_idle_on
