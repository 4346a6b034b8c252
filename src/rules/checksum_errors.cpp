#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::checksum_errors {

namespace {

constexpr std::string_view kBad[] = {"IpExt.InCsumErrors", "Tcp.InCsumErrors",
                                     "Udp.InCsumErrors",   "Icmp.InCsumErrors",
                                     "Udp6.InCsumErrors",  "Icmp6.InCsumErrors"};

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_counters(host, kBad, {"Ip.InReceives", "Ip6.InReceives"});
  if (!loss) return {judge::unknown("checksums", loss.error())};
  if (!loss->severity) return {judge::passed("checksums", "All checksums were correct.")};
  Finding finding = judge::failed(
      std::min(*loss->severity, Severity::warning), "checksums",
      fmt::format("{} packets arrived with a wrong checksum. This is not a sysctl problem.",
                  text::share(loss->lost, loss->all)));
  finding.evidence = judge::evidence_of(host, kBad);
  finding.fix = {
      .kind = Fix::Kind::none,
      .text =
          "Check the cable, the card, the switch and the drivers of virtual machines (ethtool -S; "
          "ethtool -K IFACE rx off shows whether the card's offload is at fault)."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "checksum-errors",
    .what = "Packets arrived damaged.",
    .why =
        "A packet with a wrong checksum is dropped, and TCP takes that for congestion. On a wired "
        "network it points to a faulty cable, card or memory, or to a driver that relies on "
        "checksum hardware that is not there.",
    .fix = "This is not a sysctl problem. Replace the faulty part.",
    .source =
        "net/ipv4/tcp_ipv4.c tcp_v4_rcv(), TCP_MIB_CSUMERRORS; net/ipv4/udp.c; RFC 1122 3.2.1.2",
    .check = check,
};

}  // namespace tuner::rules::checksum_errors
