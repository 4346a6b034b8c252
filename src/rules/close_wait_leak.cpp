#include <fmt/core.h>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::close_wait_leak {

namespace {

std::int64_t in_seconds(std::chrono::milliseconds age) {
  return std::chrono::floor<std::chrono::seconds>(age).count();
}

std::string age_of(const CloseWaitGroup& group) {
  if (!group.oldest) return {};
  return fmt::format(", the oldest for {} or more",
                     text::span(std::chrono::floor<std::chrono::seconds>(*group.oldest)));
}

Finding about(const CloseWaitGroup& group) {
  Finding finding = judge::failed(
      Severity::warning,
      group.owner ? group.owner->comm : endpoint_text(group.example.address, group.example.port),
      fmt::format("{} of {} {} in CLOSE_WAIT{}: the peer has closed, and the program has not "
                  "called close(). CLOSE_WAIT never times out.",
                  text::plural(group.sockets, "connection", "connections"),
                  judge::owner_name(group.owner), group.sockets == 1 ? "is" : "are",
                  age_of(group)));
  finding.evidence = {
      judge::socket_evidence("close-wait", group.sockets,
                             "connections of this process, on " +
                                 endpoint_text(group.example.address, group.example.port))};
  if (group.oldest) {
    finding.evidence.push_back(judge::socket_evidence(
        "oldest", in_seconds(*group.oldest),
        fmt::format("seconds at least, {} at most, by tcp_info's last ACK and last data",
                    in_seconds(group.oldest_at_most))));
  }
  if (group.never_accepted > 0) {
    finding.evidence.push_back(judge::socket_evidence("never-accepted", group.never_accepted,
                                                      "of them are still waiting for accept()"));
  }
  finding.fix = {.kind = Fix::Kind::application,
                 .text = fmt::format(
                     "This is not a sysctl problem: fix the program; until then, {} releases them.",
                     judge::restart_of(group.owner))};
  return finding;
}

/// Some, and /proc/net/tcp does not tell since when.
Finding of_unknown_age(const CloseWaitGroup& group) {
  Finding finding = judge::unknown("TCP", {});
  finding.message = fmt::format(
      "{} in CLOSE_WAIT; since when could not be read: sock_diag is refused, and /proc/net/tcp "
      "does not tell.",
      text::plural(group.sockets, "connection is", "connections are"));
  return finding;
}

/// Many, but whose: one process's, or a few of each of many?
Finding unowned(const CloseWaitGroup& group) {
  Finding finding = judge::unknown("TCP", {.why = Unread::Why::not_permitted});
  finding.message = fmt::format(
      "{} connections are in CLOSE_WAIT; their owners could not be read: not permitted.",
      text::grouped(group.sockets));
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.tcp) return {judge::not_seen("TCP", host.tcp.error(), host)};
  std::vector<Finding> findings;
  for (const CloseWaitGroup& group : host.tcp->close_wait) {
    const bool many = group.sockets >= judge::threshold::kManyCloseWait;
    if ((group.oldest && *group.oldest >= judge::threshold::kLongCloseWait) ||
        (many && group.owner)) {
      findings.push_back(about(group));
    } else if (!group.oldest) {
      findings.push_back(of_unknown_age(group));
    } else if (many) {
      findings.push_back(unowned(group));
    }
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("TCP", "No process leaves connections in CLOSE_WAIT."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "close-wait-leak",
    .what = "A process leaves connections open that its peers have closed.",
    .why =
        "CLOSE_WAIT means that the peer has closed and the program has not called close(). No "
        "kernel timer ends it: sockets, buffers and file descriptors pile up until the process "
        "reaches its open-file limit.",
    .fix =
        "This is not a sysctl problem. The program has to close() after reading "
        "EOF; restarting the program releases what has piled up, restarting the network does "
        "not.",
    .source = "RFC 9293 3.6; net/ipv4/tcp_input.c tcp_fin(); TOAST 2015 5.5",
    .check = check,
};

}  // namespace tuner::rules::close_wait_leak
