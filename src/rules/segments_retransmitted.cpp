#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::segments_retransmitted {

namespace {

constexpr const char* kAgain = "Tcp.RetransSegs";
constexpr const char* kSent = "Tcp.OutSegs";

std::optional<Severity> weigh_loss(std::int64_t again, std::int64_t sent) {
  const double share = judge::least_share(again, sent);
  if (again < judge::threshold::kLeastRetransmissions ||
      share < judge::threshold::kRetransmittedRemark)
    return std::nullopt;
  return share < judge::threshold::kRetransmittedWarning ? Severity::info : Severity::warning;
}

/// RetransSegs holds SYNs too.
bool are_mostly_syns(const HostSnapshot& host, std::int64_t again) {
  return host.counter("TcpExt.TCPSynRetrans").value_or(0) > again / 2;
}

/// What the other counters point to.
std::string cause_of(const HostSnapshot& host, std::int64_t again) {
  const auto most = [again](std::int64_t number) { return number > again / 2; };
  const auto spurious = judge::sum_of(host, {"TcpExt.TCPDSACKRecv", "TcpExt.TCPDSACKOfoRecv"});
  if (most(spurious.value_or(0))) {
    return "Most arrived twice (TCPDSACKRecv): the path reorders or delays them rather than losing "
           "them.";
  }
  if (are_mostly_syns(host, again)) {
    return "Most were SYNs and SYN-ACKs of connects that were not answered in time.";
  }
  if (most(host.counter("TcpExt.TCPTimeouts").value_or(0))) {
    return "Most followed a timeout (TCPTimeouts): peers disappeared, or whole windows were lost.";
  }
  return "The path loses them, or a policer does.";
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto again = host.counter(kAgain);
  const auto sent = host.counter(kSent);
  if (!again) return {judge::unknown("TCP", again.error())};
  if (!sent) return {judge::unknown("TCP", sent.error())};
  const auto severity = weigh_loss(*again, judge::sum(*sent, *again));
  if (!severity) return {judge::passed("TCP", "Few segments were retransmitted.")};
  Finding finding = judge::failed(
      *severity, "TCP",
      fmt::format("{} segments were retransmitted. {} This is not a sysctl problem.",
                  text::share(*again, judge::sum(*sent, *again)), cause_of(host, *again)));
  finding.evidence = judge::evidence_of(
      host, {kAgain, kSent, "TcpExt.TCPTimeouts", "TcpExt.TCPLostRetransmit",
             "TcpExt.TCPSynRetrans", "TcpExt.TCPDSACKRecv", "TcpExt.TCPSpuriousRTOs"});
  finding.fix = {.kind = Fix::Kind::none,
                 .text =
                     "Find the path: ss -ti shows retrans for each connection, tuner sockets the "
                     "peers, and tuner audit --interfaces what this host's own cards drop."};
  if (are_mostly_syns(host, *again)) {
    finding.follows = "connects-unanswered";
    finding.fix.text = "Look at the peers that do not answer: tuner sockets names them.";
  }
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "segments-retransmitted",
    .what = "Many TCP segments were retransmitted.",
    .why =
        "Each loss makes Reno halve its window and CUBIC cut it by 30%; at 1% loss and a round "
        "trip of 50 ms, a CUBIC or Reno flow gets about 3 Mbit/s, whatever its buffers. The "
        "counters are sums over all peers: they can hide one bad path, or one can account for "
        "every "
        "retransmission.",
    .fix =
        "This is not a sysctl problem: find the path or the policer that drops. BBR suffers less "
        "from loss that congestion did not cause.",
    .source =
        "net/ipv4/tcp_output.c __tcp_retransmit_skb(), TCP_MIB_RETRANSSEGS; net/ipv4/tcp_input.c "
        "tcp_check_dsack(); Mathis et al., CCR 27(3), 1997",
    .check = check,
};

}  // namespace tuner::rules::segments_retransmitted
