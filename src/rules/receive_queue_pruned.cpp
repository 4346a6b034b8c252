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
    return {judge::key_passed(kKey, host, "No data was lost at TCP receive buffers.")};
  }
  Finding finding = judge::key_failed(
      *loss->severity, kKey, host,
      pruned == 0
          ? fmt::format("TCP receive buffers dropped {} of {} segments.", text::grouped(dropped),
                        text::grouped(loss->all))
          : fmt::format("TCP receive buffers overflowed {} times in {} segments; {} were dropped.",
                        text::grouped(pruned), text::grouped(loss->all),
                        dropped == 0 ? "none" : text::grouped(dropped)));
  finding.evidence = judge::evidence_of(
      host, {"TcpExt.PruneCalled", "TcpExt.TCPRcvCollapsed", "TcpExt.RcvPruned", "TcpExt.OfoPruned",
             "TcpExt.TCPRcvQDrop", "TcpExt.TCPOFODrop", "TcpExt.TCPZeroWindowDrop", "Tcp.InSegs"});
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "Make the program read faster: in ss -tmn, its r is near its rb. A program "
                     "that sets SO_RCVBUF turns autotuning off; otherwise a buffer grows up to the "
                     "third number of net.ipv4.tcp_rmem."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "receive-queue-pruned",
    .what = "TCP receive buffers overflowed.",
    .why =
        "Incoming data is charged with the memory of its packets, several times the data for small "
        "segments. When a socket exceeds its buffer, the kernel compacts its queue (collapse), "
        "which costs CPU time and latency, then discards out-of-order data, then drops the "
        "segment, although the advertised window had room.",
    .fix =
        "Look for a slow reader. A larger maximum in net.ipv4.tcp_rmem helps where the "
        "path needs it (receive-buffer-below-bdp); a larger one than that makes collapses longer.",
    .source = "net/ipv4/tcp_input.c tcp_prune_queue(), tcp_collapse(), tcp_try_rmem_schedule()",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::receive_queue_pruned
