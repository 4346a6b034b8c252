#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::udp_send_errors {

namespace {

struct Family {
  std::string_view subject;
  std::string_view refused;  ///< counted for a full send buffer too, of which the program is told
  std::string_view discarded;
  std::string_view sent;
};

constexpr Family kFamilies[] = {
    {"UDP over IPv4", "Udp.SndbufErrors", "Ip.OutDiscards", "Udp.OutDatagrams"},
    {"UDP over IPv6", "Udp6.SndbufErrors", "Ip6.OutDiscards", "Udp6.OutDatagrams"},
};

Observed<std::optional<Finding>> judge_family(const Family& family, const HostSnapshot& host) {
  const auto refused = judge::sum_of(host, {family.refused});
  const auto discarded = judge::sum_of(host, {family.discarded});
  const auto sent = judge::sum_of(host, {family.sent});
  for (const auto* number : {&refused, &discarded, &sent}) {
    if (!*number) return tl::unexpected(number->error());
  }
  const std::int64_t lost = std::min(*refused, *discarded);
  const std::int64_t all = judge::sum(*sent, lost);
  const auto severity = judge::weigh_unmendable(lost, all);
  if (!severity) return std::nullopt;
  Finding finding =
      judge::failed(*severity, std::string(family.subject),
                    fmt::format("{} datagrams sent by this host were dropped at a device's queue, "
                                "while sendto() reported success. This is not a sysctl problem.",
                                text::share(lost, all)));
  finding.evidence = judge::evidence_of(host, {family.refused, family.discarded, family.sent});
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "tc -s qdisc shows which queue drops. Pace the program's sending "
                     "(SO_MAX_PACING_RATE with fq), or set IP_RECVERR to get errors."};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const Family& family : kFamilies) {
    auto finding = judge_family(family, input.host);
    if (!finding) return {judge::unknown("UDP", finding.error())};
    if (*finding) findings.push_back(std::move(**finding));
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("UDP", "No device dropped a datagram silently."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "udp-send-errors",
    .what = "Datagrams were dropped before they left this host.",
    .why =
        "When a device's queue is full, the datagram is lost, and sendto() reports success unless "
        "the socket asked for errors (IP_RECVERR). Udp.SndbufErrors counts that, as well as full "
        "send buffers, which the program sees; Ip.OutDiscards counts only what the device or a "
        "firewall refused. The smaller of the two is what was lost silently.",
    .fix =
        "This is not a sysctl problem. Send more slowly or paced, or find out what fills the "
        "device: tc -s qdisc.",
    .source =
        "net/ipv4/udp.c udp_send_skb(), -ENOBUFS; net/ipv4/ip_output.c ip_send_skb(); "
        "net/ipv6/udp.c udp_v6_send_skb()",
    .check = check,
};

}  // namespace tuner::rules::udp_send_errors
