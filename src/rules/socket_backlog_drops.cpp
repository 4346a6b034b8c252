#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::socket_backlog_drops {

namespace {

constexpr const char* kDropped = "TcpExt.TCPBacklogDrop";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_counters(host, {kDropped}, {"Tcp.InSegs"});
  if (!loss) return {judge::unknown("TCP", loss.error())};
  if (!loss->severity)
    return {judge::passed("TCP", "No segment was dropped at a socket's backlog.")};
  Finding finding = judge::failed(
      *loss->severity, "TCP",
      fmt::format("{} segments were dropped while a system call was using their socket.",
                  text::share(loss->lost, loss->all)));
  finding.evidence =
      judge::evidence_of(host, {kDropped, "TcpExt.TCPBacklogCoalesce", "Tcp.InSegs"});
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "Look for a program that holds its socket for a long time: very large reads "
                     "or writes, or many threads on one socket. The backlog holds as much as "
                     "SO_RCVBUF and SO_SNDBUF together."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "socket-backlog-drops",
    .what = "TCP segments were dropped because the backlog of a busy socket was full.",
    .why =
        "While a system call works on a socket, segments for it wait in its backlog, which holds "
        "as much as its receive and send buffer together and 64 KiB. Anything beyond that is "
        "dropped and has to be retransmitted. This has nothing to do with "
        "net.core.netdev_max_backlog.",
    .fix =
        "Make the program read and write in smaller pieces, or give the socket larger buffers. "
        "Since 4.20 segments in the backlog are merged, which made this rare.",
    .source =
        "net/ipv4/tcp_ipv4.c tcp_add_backlog(), LINUX_MIB_TCPBACKLOGDROP; commit 4f693b55c3d2",
    .check = check,
};

}  // namespace tuner::rules::socket_backlog_drops
