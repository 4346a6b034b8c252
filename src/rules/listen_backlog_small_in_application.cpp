#include <fmt/core.h>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::listen_backlog_small_in_application {

namespace {

constexpr const char* kKey = "net.core.somaxconn";

Finding about(const TcpListener& listener, std::int64_t somaxconn, const HostSnapshot& host) {
  const std::string who = judge::owner_name(listener.owner);
  Finding finding = judge::failed(
      Severity::warning, endpoint_text(listener.address, listener.port),
      fmt::format("The accept queue of {} is full: it listens with {}, somaxconn would allow {}.",
                  who, *listener.limit, somaxconn));
  finding.evidence = {
      judge::socket_evidence("queued", listener.queued, "connections waiting for accept()"),
      judge::socket_evidence("limit", *listener.limit,
                             "min(backlog, somaxconn) at the time of listen()"),
      {.source = "/proc/sys/net/core/somaxconn",
       .name = kKey,
       .value = std::to_string(somaxconn),
       .meaning = "what an application can get today"}};
  finding.fix = judge::lengthen(listener, host);
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.tcp) return {judge::not_seen("TCP", host.tcp.error(), host)};
  const auto somaxconn = host.number(kKey);
  if (!somaxconn) return {judge::unknown("TCP", somaxconn.error())};
  if (auto finding = judge::limits_not_told("TCP", host)) return {*finding};
  std::vector<Finding> findings;
  for (const TcpListener* const listener : judge::full_listeners(host)) {
    if (*listener->limit < *somaxconn) findings.push_back(about(*listener, *somaxconn, host));
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("TCP", "No application's own backlog is full."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "listen-backlog-small-in-application",
    .what =
        "A full accept queue is limited by the application's own backlog, below "
        "net.core.somaxconn.",
    .why =
        "The queue holds the smaller of the application's backlog and net.core.somaxconn, as they "
        "were when it called listen(). Its limit is below today's somaxconn, so raising the sysctl "
        "changes nothing.",
    .fix =
        "Reload the application first: somaxconn may have been raised since it began to listen. If "
        "the limit stays, raise the application's own backlog (nginx: listen ... backlog=).",
    .source =
        "net/socket.c __sys_listen(); include/net/sock.h sk_acceptq_is_full(); TOAST 2015 4.2",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::listen_backlog_small_in_application
