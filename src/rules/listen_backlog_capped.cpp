#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::listen_backlog_capped {

namespace {

constexpr const char* kKey = "net.core.somaxconn";
Finding about(const TcpListener& listener, const HostSnapshot& host) {
  Finding finding = judge::key_failed(
      Severity::warning, kKey, host,
      fmt::format("The accept queue of {} is full: it holds {}, as many as somaxconn allows.",
                  judge::owner_name(listener.owner), *listener.limit));
  finding.subject = endpoint_text(listener.address, listener.port);
  finding.evidence = {
      judge::socket_evidence("queued", listener.queued, "connections waiting for accept()"),
      judge::socket_evidence("limit", *listener.limit,
                             "min(backlog, somaxconn) at the time of listen()")};
  finding.fix = judge::lengthen(listener, host);
  finding.wanted = finding.fix.settings.front().value;
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.tcp) return {judge::not_seen(kKey, host.tcp.error(), host)};
  const auto somaxconn = host.number(kKey);
  if (!somaxconn) return {judge::unknown(kKey, somaxconn.error())};
  if (auto finding = judge::limits_not_told(kKey, host)) return {*finding};
  std::vector<Finding> findings;
  for (const TcpListener* const listener : judge::full_listeners(host)) {
    if (*listener->limit >= *somaxconn) findings.push_back(about(*listener, host));
  }
  if (findings.empty()) {
    findings.push_back(judge::key_passed(kKey, host, "It caps no accept queue that is full."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "listen-backlog-capped",
    .what = "A full accept queue is limited by net.core.somaxconn.",
    .why =
        "The queue holds the smaller of the application's backlog and net.core.somaxconn, as they "
        "were when it called listen(). Here the two limits are equal, so the sysctl decides.",
    .fix =
        "Raise net.core.somaxconn, and reload the application: a socket that is already listening "
        "keeps its queue length.",
    .source =
        "net/socket.c __sys_listen(); include/net/sock.h sk_acceptq_is_full(); TOAST 2015 4.2",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::listen_backlog_capped
