#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "judge/findings.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::nic_budget_squeezed {

namespace {

constexpr const char* kKey = "net.core.netdev_budget";

constexpr const char* kTime = "net.core.netdev_budget_usecs";
constexpr std::int64_t kUsualTime = 8000;  // 2 jiffies at 250 Hz, for a child that does not see it

/// How long the numbers of softnet_stat counted.
std::optional<std::chrono::milliseconds> counted_for(const HostSnapshot& host) {
  if (host.sampled_for) return host.sampled_for;
  if (host.uptime) return std::chrono::milliseconds(*host.uptime);
  return std::nullopt;
}

/// The largest share of the processors' time that went into runs that were cut off.
double share_of_time(const HostSnapshot& host, std::chrono::milliseconds time) {
  const auto run = static_cast<double>(host.number(kTime).value_or(kUsualTime));
  const auto all = static_cast<double>(std::max<std::int64_t>(1, time.count())) * 1000 *
                   std::max(1, host.softnet->processors);
  return static_cast<double>(host.softnet->time_squeeze) * run / all;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.softnet) return {judge::unknown(kKey, host.softnet.error())};
  const auto time = counted_for(host);
  if (!time) return {judge::unknown(kKey, host.uptime.error())};
  const std::int64_t squeezed = host.softnet->time_squeeze;
  const double share = share_of_time(host, *time);
  if (share < judge::threshold::kSqueezedRemark) {
    return {judge::key_passed(kKey, host,
                              squeezed == 0 ? "No softirq run ended with work left."
                                            : "Few softirq runs ended with work left.")};
  }
  Finding finding = judge::key_failed(
      share < judge::threshold::kSqueezedWarning ? Severity::info : Severity::warning, kKey, host,
      fmt::format("{} softirq runs ended with work left {}: up to {:.0f}% of CPU time.",
                  text::grouped(squeezed), text::machine_counted_since(host),
                  std::min(1.0, share) * 100));
  finding.evidence = {{.source = "/proc/net/softnet_stat",
                       .name = "column 3",
                       .value = std::to_string(squeezed),
                       .meaning = "runs cut off " + text::machine_counted_since(host)}};
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "Find out which CPUs do it (mpstat -P ALL, %soft) and spread the card's "
                     "queues over more of them. A larger net.core.netdev_budget, with "
                     "netdev_budget_usecs in proportion, gives fewer, longer runs."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "nic-budget-squeezed",
    .what = "Packet processing was cut off with work left.",
    .why =
        "A run of the receive softirq ended because it used up its packets or its time. The "
        "packets wait for the next run, which costs latency; a little of it under load is normal.",
    .fix =
        "Give the packets more processors: the card's queues (ethtool -L), receive packet "
        "steering. "
        "Then net.core.netdev_budget together with net.core.netdev_budget_usecs.",
    .source = "net/core/dev.c net_rx_action(); Documentation/admin-guide/sysctl/net.rst",
    .reads = {kKey, kTime},
    .check = check,
};

}  // namespace tuner::rules::nic_budget_squeezed
