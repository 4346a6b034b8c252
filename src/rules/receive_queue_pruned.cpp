#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::receive_queue_pruned {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_rmem";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_counters(
      host, {"TcpExt.PruneCalled", "TcpExt.RcvPruned", "TcpExt.TCPRcvQDrop"}, {"Tcp.InSegs"});
  if (!loss) return {judge::unknown(kKey, loss.error())};
  const std::int64_t dropped =
      judge::sum_of(host, {"TcpExt.RcvPruned", "TcpExt.TCPRcvQDrop"}).value_or(0);
  const std::int64_t pruned = host.counter("TcpExt.PruneCalled").value_or(0);
  // Copying a queue together loses nothing; a few times are no finding.
  const bool harmless = dropped == 0 && pruned < judge::threshold::kLeastEvents;
  if (!loss->severity || harmless) {
    return {judge::key_passed(kKey, host, "Receive buffers of TCP sockets lost nothing.")};
  }
  Finding finding = judge::key_failed(
      *loss->severity, kKey, host,
      pruned == 0
          ? fmt::format("Receive buffers of TCP sockets dropped {} of {} segments.",
                        text::grouped(dropped), text::grouped(loss->all))
          : fmt::format("Receive buffers of TCP sockets overflowed {} times in {} segments; {} "
                        "were dropped.",
                        text::grouped(pruned), text::grouped(loss->all),
                        dropped == 0 ? "none" : text::grouped(dropped)));
  finding.evidence = judge::evidence_of(
      host, {"TcpExt.PruneCalled", "TcpExt.TCPRcvCollapsed", "TcpExt.RcvPruned", "TcpExt.OfoPruned",
             "TcpExt.TCPRcvQDrop", "TcpExt.TCPOFODrop", "TcpExt.TCPZeroWindowDrop", "Tcp.InSegs"});
  finding.fix = {
      .kind = Fix::Kind::application,
      .text =
          "Have the program read faster: ss -tmn shows whose r is near its rb. A program "
          "that sets SO_RCVBUF turns autotuning off; else the third number of "
          "net.ipv4.tcp_rmem is the most that a buffer grows to."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "receive-queue-pruned",
    .what = "Receive buffers of TCP sockets overflowed.",
    .why =
        "What arrives is charged with the memory that its packets take, several times the data for "
        "small segments. A socket above its buffer has its queue copied together (collapsed), "
        "which costs processor time and latency, then throws away what came out of order, then "
        "drops the segment. The sender's window said that there was room.",
    .fix =
        "Look for a reader that is too slow. A larger maximum in net.ipv4.tcp_rmem helps where the "
        "path needs it (receive-buffer-below-bdp); a larger one than that makes collapses longer.",
    .source = "net/ipv4/tcp_input.c tcp_prune_queue(), tcp_collapse(), tcp_try_rmem_schedule()",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::receive_queue_pruned
