#include <fmt/core.h>

#include "core/judge/findings.hpp"
#include "core/judge/weigh.hpp"
#include "core/text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::nic_budget_squeezed {

namespace {

constexpr const char* kKey = "net.core.netdev_budget";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.softnet) return {judge::unknown(kKey, host.softnet.error())};
  const std::int64_t squeezed = host.softnet->time_squeeze;
  const std::int64_t processed = host.softnet->processed.count();
  const auto severity = judge::weigh(squeezed, processed);
  if (!severity) return {judge::key_passed(kKey, host, "No softirq run ended with work left.")};
  Finding finding =
      judge::key_failed(*severity, kKey, host,
                        fmt::format("{} softirq runs ended with work left, for {} packets.",
                                    text::grouped(squeezed), text::grouped(processed)));
  finding.evidence = {{.source = "/proc/net/softnet_stat",
                       .name = "column 3",
                       .value = std::to_string(squeezed),
                       .meaning = "runs cut off " + text::machine_counted_since(host)}};
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = "Raise net.core.netdev_budget and netdev_budget_usecs together."};
  return {finding};
}

constexpr std::string_view kReads[] = {"net.core.netdev_budget"};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "nic-budget-squeezed",
    .what = "Packet processing was cut off with work left.",
    .why =
        "A run of the receive softirq ended because it used up its packets or its time. The "
        "packets wait for the next run, which costs latency; a little of it under load is normal.",
    .fix =
        "Raise net.core.netdev_budget together with net.core.netdev_budget_usecs, or give the "
        "packets more processors.",
    .source = "net/core/dev.c net_rx_action(); Documentation/admin-guide/sysctl/net.rst",
    .reads = kReads,
    .check = check,
};

}  // namespace tuner::rules::nic_budget_squeezed
