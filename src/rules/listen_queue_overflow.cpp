#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::listen_queue_overflow {

namespace {

constexpr const char* kKey = "net.core.somaxconn";
constexpr const char* kOverflows = "TcpExt.ListenOverflows";

/// A queue that is full at this moment tells whose it is; the counter alone does not.
Finding about(const TcpListener& listener, std::int64_t overflows, std::optional<Severity> severity,
              const HostSnapshot& host) {
  Finding finding = judge::key_failed(
      std::max(severity.value_or(Severity::warning), Severity::warning), kKey, host,
      fmt::format("The accept queue of {} is full: {} are waiting, the limit is {}.",
                  judge::owner_name(listener.owner), text::grouped(listener.queued),
                  text::grouped(*listener.limit)));
  finding.subject = endpoint_text(listener.address, listener.port);
  finding.evidence = {
      judge::counter_evidence(
          kOverflows, overflows,
          "drops at full queues of this namespace, " + text::counted_since(host)),
      judge::socket_evidence("queued", listener.queued, "connections waiting for accept()"),
      judge::socket_evidence("limit", *listener.limit,
                             "min(backlog, somaxconn) at the time of listen()")};
  finding.fix = judge::lengthen(listener, host);
  finding.fix.text += fmt::format(" Better still: find out why {} does not accept() fast enough.",
                                  judge::owner_name(listener.owner));
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto overflows = host.counter(kOverflows);
  const auto accepted = host.counter("Tcp.PassiveOpens");
  if (!overflows) return {judge::unknown(kKey, overflows.error())};
  if (!accepted) return {judge::unknown(kKey, accepted.error())};
  const auto severity = judge::weigh(*overflows, *accepted);
  std::vector<Finding> findings;
  for (const TcpListener* const listener : judge::full_listeners(host)) {
    findings.push_back(about(*listener, *overflows, severity, host));
  }
  if (!findings.empty()) return findings;
  if (!severity) return {judge::key_passed(kKey, host, "No accept queue was full.")};
  Finding finding = judge::key_failed(
      *severity, kKey, host,
      fmt::format("It dropped {} new connections, retries included: an accept queue was full.",
                  text::share(*overflows, judge::sum(*accepted, *overflows))));
  finding.evidence = {
      judge::counter_evidence(kOverflows, *overflows, text::counted_since(host)),
      judge::counter_evidence("Tcp.PassiveOpens", *accepted, "connections accepted")};
  finding.fix = {
      .kind = Fix::Kind::application,
      .text =
          "If it still happens (tuner audit --sample 10s), raise the application's own backlog and "
          "net.core.somaxconn, and reload the application."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "listen-queue-overflow",
    .what = "New connections were dropped because an accept queue was full.",
    .why =
        "A SYN, or the final ACK of a handshake, that finds the queue full is dropped. If it was "
        "the SYN, the client resends it about a second later; if it was the ACK, this host "
        "resends its SYN-ACK. The queue holds the smaller of the backlog that the application "
        "gave to listen() and net.core.somaxconn, as of the listen() call.",
    .fix =
        "First find out why the application does not accept() fast enough. Then raise both its "
        "own backlog and net.core.somaxconn, and reload the application so that it calls "
        "listen() again.",
    .source =
        "net/ipv4/tcp_input.c tcp_conn_request(); include/net/sock.h sk_acceptq_is_full(); TOAST "
        "2015 4.2",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::listen_queue_overflow
