#include <fmt/core.h>

#include "judge/counted.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::connects_unanswered {

namespace {

constexpr const char* kRetransmitted = "TcpExt.TCPSynRetrans";
constexpr const char* kOverflows = "TcpExt.ListenOverflows";

/// One lost SYN is nothing; a second in a row, or several, are.
Severity weigh_peer(const UnansweredPeer& peer) {
  const bool again =
      peer.most_retransmissions > 1 || peer.sockets >= judge::threshold::kSeveralSyns;
  return again ? Severity::warning : Severity::info;
}

std::string describe(const UnansweredPeer& peer, const TcpListener* own) {
  const std::string state = fmt::format(
      "It has not answered {} from this host, resent {}", text::plural(peer.sockets, "SYN", "SYNs"),
      peer.most_retransmissions == 1 ? "once"
                                     : fmt::format("up to {} times", peer.most_retransmissions));
  if (own == nullptr) return state + ". This is not a sysctl problem of this host.";
  return fmt::format("{}: {} listens there, and its accept queue is full.", state,
                     judge::owner_name(own->owner));
}

/// The listener of this host that a peer is, where its queue is full.
const TcpListener* own_listener(const UnansweredPeer& peer, const HostSnapshot& host) {
  for (const TcpListener* const listener : judge::full_listeners(host)) {
    if (reaches({peer.remote, peer.remote_port}, {listener->address, listener->port})) {
      return listener;
    }
  }
  return nullptr;
}

Finding about(const UnansweredPeer& peer, const HostSnapshot& host) {
  const TcpListener* const own = own_listener(peer, host);
  Finding finding = judge::failed(weigh_peer(peer), endpoint_text(peer.remote, peer.remote_port),
                                  describe(peer, own));
  finding.evidence = {judge::socket_evidence("syn-sent", peer.sockets,
                                             "connects waiting for this peer, their SYN resent")};
  const auto retransmitted = host.counter(kRetransmitted);
  const auto active = host.counter("Tcp.ActiveOpens");
  if (retransmitted && active) {
    finding.evidence.push_back(judge::counter_evidence(kRetransmitted, *retransmitted,
                                                       "SYNs and SYN-ACKs resent, to all peers"));
    finding.evidence.push_back(
        judge::counter_evidence("Tcp.ActiveOpens", *active, "connections that this host opened"));
  }
  if (own != nullptr) {
    finding.fix = judge::lengthen(*own, host);
    return finding;
  }
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "Check that peer, in this order: its accept queue, a firewall or route in "
                     "between, whether it is up, and, if it runs a kernel before 4.12 and sees "
                     "this host through NAT, tcp_tw_recycle."};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  std::vector<Finding> findings;
  if (host.tcp) {
    for (const UnansweredPeer& peer : host.tcp->unanswered) findings.push_back(about(peer, host));
  }
  if (!findings.empty()) return findings;
  const auto retransmitted = host.counter(kRetransmitted);
  const auto active = host.counter("Tcp.ActiveOpens");
  const auto passive = host.counter("Tcp.PassiveOpens");
  if (!retransmitted) return {judge::unknown("TCP", retransmitted.error())};
  if (!active) return {judge::unknown("TCP", active.error())};
  if (!passive) return {judge::unknown("TCP", passive.error())};
  const auto severity = judge::weigh_unmendable(*retransmitted, *active);
  if (!severity) return {judge::passed("TCP", "Every SYN was answered.")};
  // The counter holds SYN-ACKs sent again too, so on a server it says little about connects.
  const bool mostly_server = *passive > *active;
  // Its own SYNs may be among them: then it is a sysctl problem, of another name.
  const bool own_table = judge::dropped_by_conntrack(host) > 0;
  // A host that connects to itself meets its own accept queues.
  const bool own_queues = host.counter(kOverflows).value_or(0) >= *retransmitted;
  Finding finding = judge::failed(
      mostly_server || own_table ? Severity::info : *severity, "TCP",
      mostly_server ? fmt::format("{} SYNs or SYN-ACKs were resent; this host accepts more "
                                  "connections than it opens.",
                                  text::grouped(*retransmitted))
                    : fmt::format("{} resent for {} opened.",
                                  text::plural(*retransmitted, "SYN was", "SYNs were"),
                                  text::plural(*active, "connection", "connections")));
  finding.evidence = {
      judge::counter_evidence(kRetransmitted, *retransmitted,
                              "SYNs and SYN-ACKs resent, " + text::counted_since(host)),
      judge::counter_evidence("Tcp.ActiveOpens", *active, "connections that this host opened"),
      judge::counter_evidence("Tcp.PassiveOpens", *passive, "connections that it accepted")};
  if (own_queues) finding.follows = "listen-queue-overflow";
  if (own_table) finding.follows = "conntrack-table-near-full";
  finding.fix = {
      .kind = Fix::Kind::application,
      .text = own_table ? "First fix conntrack-table-near-full: connection tracking on this host "
                          "drops packets, possibly SYNs among them."
              : own_queues
                  ? "First fix listen-queue-overflow: this host's own accept queues dropped as "
                    "many, possibly SYNs to itself among them. Then look at the peers."
                  : "Look at the peers; this is not a sysctl problem of this host."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "connects-unanswered",
    .what = "SYNs from this host had to be resent.",
    .why =
        "An unanswered SYN is resent after a second, so the user waits. In order of "
        "likelihood: the peer drops SYNs because its accept queue is full, a firewall or a path "
        "drops them, the peer is down, or it runs a kernel before 4.12 with tcp_tw_recycle on and "
        "sees this host through NAT.",
    .fix =
        "This is not a sysctl problem of this host. Check the peer: its accept queue, its "
        "firewall, and tcp_tw_recycle if its kernel is older than 4.12. If that peer cannot be "
        "changed, give each host behind the NAT its own source address.",
    .source = "net/ipv4/tcp_output.c tcp_retransmit_skb(), tcp_rtx_synack(); RFC 6298",
    .check = check,
};

}  // namespace tuner::rules::connects_unanswered
