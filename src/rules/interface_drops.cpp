#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::interface_drops {

namespace {

struct Kind {
  std::int64_t InterfaceDrops::*count;
  std::int64_t InterfaceDrops::*work;
  std::string_view name;
  std::string_view meaning;
  std::string_view fix;
};

constexpr Kind kKinds[] = {
    {&InterfaceDrops::missed, &InterfaceDrops::packets_received, "missed",
     "packets that found the card's ring full",
     "raise the card's ring (ethtool -G), or spread its queues over more processors"},
    {&InterfaceDrops::qdisc, &InterfaceDrops::packets_sent, "qdisc",
     "packets that the queueing discipline dropped on the way out",
     "see tc -s qdisc; with fq or fq_codel drops are how flows learn the rate of the link"},
    {&InterfaceDrops::sent, &InterfaceDrops::packets_sent, "sent",
     "packets that the driver dropped on the way out",
     "see the driver's own counters (ethtool -S)"},
    {&InterfaceDrops::received, &InterfaceDrops::packets_received, "received",
     "packets for which there was no receiver or no memory",
     "often another protocol on the wire, and harmless; see ip -s -s link"},
};

std::optional<Finding> judge_interface(const InterfaceDrops& drops) {
  std::optional<Finding> finding;
  std::string fixes;
  std::string counts;
  for (const Kind& kind : kKinds) {
    const std::int64_t count = drops.*kind.count;
    const auto severity = judge::weigh(count, judge::sum(count, drops.*kind.work));
    if (!severity) continue;
    // Only a full ring is for certain a loss that this host can fix.
    const bool ring = kind.count == &InterfaceDrops::missed;
    const Severity weight = std::min(*severity, ring ? Severity::warning : Severity::info);
    if (!finding) finding = judge::failed(weight, drops.name, {});
    finding->severity = std::max(finding->severity, weight);
    finding->evidence.push_back({.source = "rtnetlink",
                                 .name = std::string(kind.name),
                                 .value = std::to_string(count),
                                 .meaning = std::string(kind.meaning)});
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", kind.name, text::grouped(count));
    fixes += fmt::format("{}{}: {}", fixes.empty() ? "" : "; ", kind.name, kind.fix);
  }
  if (!finding) return finding;
  finding->message = fmt::format("It dropped packets: {}. This is not a sysctl problem.", counts);
  finding->fix = {.kind = Fix::Kind::none, .text = fixes};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  std::vector<Finding> findings;
  if (!host.interfaces) {
    // Nobody asked.
    if (host.interfaces.error() == Unread{}) return findings;
    return {judge::not_seen("interfaces", host.interfaces.error(), host)};
  }
  for (const InterfaceDrops& drops : *host.interfaces) {
    if (auto finding = judge_interface(drops)) findings.push_back(std::move(*finding));
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("interfaces", "No interface dropped a packet."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "interface-drops",
    .what = "An interface, its driver or its queueing discipline dropped packets.",
    .why =
        "TCP takes each drop for congestion and slows down. A full ring loses packets before any "
        "sysctl matters; a queueing discipline drops what a link cannot carry, which is its job.",
    .fix =
        "This is not a sysctl problem: rings and queues belong to the interface (ethtool, tc). "
        "Judged only with tuner audit --interfaces, because reading every link costs more than all "
        "the rest.",
    .source = "include/uapi/linux/if_link.h rtnl_link_stats64; net/sched/sch_api.c",
    .check = check,
};

}  // namespace tuner::rules::interface_drops
