#include <fmt/core.h>

#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::nic_backlog_drops {

namespace {

constexpr const char* kKey = "net.core.netdev_max_backlog";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.softnet) return {judge::unknown(kKey, host.softnet.error())};
  const std::int64_t dropped = host.softnet->dropped.count();
  const std::int64_t processed = host.softnet->processed.count();
  const auto severity = judge::weigh(dropped, judge::sum(processed, dropped));
  if (!severity) return {judge::key_passed(kKey, host, "No packet was dropped at this queue.")};
  if (severity == Severity::info && host.network_namespace == NetworkNamespace::child) {
    return {
        judge::passed(kKey, "The machine dropped few packets; an audit of the host shows them.")};
  }
  Finding finding =
      judge::key_failed(*severity, kKey, host,
                        fmt::format("The machine dropped {} packets before the network stack.",
                                    text::share(dropped, judge::sum(processed, dropped))));
  finding.evidence = {{.source = "/proc/net/softnet_stat",
                       .name = "column 2",
                       .value = std::to_string(dropped),
                       .meaning = "packets dropped " + text::machine_counted_since(host)},
                      {.source = "/proc/net/softnet_stat",
                       .name = "column 1",
                       .value = std::to_string(processed),
                       .meaning = "packets handled"}};
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = "Raise net.core.netdev_max_backlog on the host."};
  if (const auto running = host.number(kKey)) {
    finding.wanted = std::to_string(*running * 2);
    finding.fix = judge::set(kKey, *finding.wanted);
  }
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "nic-backlog-drops",
    .what = "Packets were dropped before the network stack saw them.",
    .why =
        "The queue of each processor for packets from loopback, veth, tunnels and RPS was full, or "
        "a flow limit cut a flow. It has nothing to do with listen().",
    .fix =
        "Raise net.core.netdev_max_backlog, or spread the packets over more processors. Drops in "
        "the network card show in ethtool -S, not here.",
    .source =
        "net/core/dev.c enqueue_to_backlog(); Documentation/admin-guide/sysctl/net.rst; TOAST 2015 "
        "4.2",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::nic_backlog_drops
