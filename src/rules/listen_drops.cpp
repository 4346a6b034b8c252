#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::listen_drops {

namespace {

constexpr const char* kDrops = "TcpExt.ListenDrops";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto drops = host.counter(kDrops);
  const auto queues = judge::sum_of(host, {"TcpExt.ListenOverflows", "TcpExt.TCPReqQFullDrop"});
  const auto accepted = host.counter("Tcp.PassiveOpens");
  if (!drops) return {judge::unknown("TCP", drops.error())};
  if (!queues) return {judge::unknown("TCP", queues.error())};
  if (!accepted) return {judge::unknown("TCP", accepted.error())};
  const std::int64_t others = std::max<std::int64_t>(0, *drops - *queues);
  const auto severity = judge::weigh(others, judge::sum(*accepted, others));
  if (!severity) {
    return {judge::passed("TCP", "No new connection was dropped except by a full queue.")};
  }
  Finding finding =
      judge::failed(*severity, "TCP",
                    fmt::format("It dropped {} new connections although no queue was full.",
                                text::share(others, judge::sum(*accepted, others))));
  finding.evidence = judge::evidence_of(
      host, {kDrops, "TcpExt.ListenOverflows", "TcpExt.TCPReqQFullDrop", "Tcp.PassiveOpens"});
  finding.fix = {
      .kind = Fix::Kind::application,
      .text =
          "See whether there is a route back to the clients (ip route get ADDRESS), then dmesg for "
          "out-of-memory messages, then security modules and BPF programs."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "listen-drops",
    .what = "A listener dropped new connections although no queue was full.",
    .why =
        "TcpExt.ListenDrops counts every SYN and last ACK that a listener dropped. Full queues "
        "have "
        "counters of their own; what is left had no route back to the client, found no memory, or "
        "was refused by a security module.",
    .fix = "Check the route back to the clients first; it is the most common cause.",
    .source =
        "net/ipv4/tcp_input.c tcp_conn_request(); net/ipv4/tcp_ipv4.c tcp_v4_syn_recv_sock(); "
        "include/net/tcp.h tcp_listendrop()",
    .check = check,
};

}  // namespace tuner::rules::listen_drops
