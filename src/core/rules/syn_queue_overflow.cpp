#include <fmt/core.h>

#include "core/judge/findings.hpp"
#include "core/judge/weigh.hpp"
#include "core/text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::syn_queue_overflow {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_syncookies";
constexpr const char* kDropped = "TcpExt.TCPReqQFullDrop";
constexpr const char* kCookies = "TcpExt.TCPReqQFullDoCookies";
constexpr std::int64_t kCookiesAlways = 2;

std::string describe(std::int64_t dropped, std::int64_t cookies, std::int64_t accepted) {
  if (dropped > 0) {
    return fmt::format(
        "It dropped {} new connections, tries again counted: the SYN queue was full.",
        text::share(dropped, judge::sum(accepted, dropped)));
  }
  return fmt::format("{} new connections got a SYN cookie: the SYN queue was full.",
                     text::grouped(cookies));
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto dropped = host.counter(kDropped);
  const auto cookies = host.counter(kCookies);
  const auto accepted = host.counter("Tcp.PassiveOpens");
  if (!dropped) return {judge::unknown(kKey, dropped.error())};
  if (!cookies) return {judge::unknown(kKey, cookies.error())};
  if (!accepted) return {judge::unknown(kKey, accepted.error())};
  // With tcp_syncookies = 2 every SYN is answered with a cookie, full queue or not.
  const bool always = host.number(kKey).value_or(0) == kCookiesAlways;
  const std::int64_t full = judge::sum(*dropped, always ? 0 : *cookies);
  const auto severity = judge::weigh(full, *accepted);
  if (!severity) return {judge::key_passed(kKey, host, "No SYN queue was full.")};
  Finding finding =
      judge::key_failed(*severity, kKey, host, describe(*dropped, *cookies, *accepted));
  finding.evidence = {
      judge::counter_evidence(kDropped, *dropped, "SYNs dropped " + text::counted_since(host)),
      judge::counter_evidence(kCookies, *cookies, "SYNs answered with a cookie"),
      judge::counter_evidence("Tcp.PassiveOpens", *accepted, "connections accepted")};
  finding.fix = {
      .kind = Fix::Kind::application,
      .text = "Raise the application's own backlog and net.core.somaxconn, then reload it."};
  return {finding};
}

constexpr std::string_view kReads[] = {"net.ipv4.tcp_syncookies"};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "syn-queue-overflow",
    .what = "New connections met a full SYN queue.",
    .why =
        "The queue of half-open connections is full: either more clients connect at once than the "
        "listener has room for, or somebody floods it. With SYN cookies the connection goes on "
        "without a queue place, but loses options where the client sends no timestamps; without "
        "them the SYN is dropped.",
    .fix =
        "Raise the application's own backlog and net.core.somaxconn: since 4.4 they bound the SYN "
        "queue, not net.ipv4.tcp_max_syn_backlog. Keep net.ipv4.tcp_syncookies = 1.",
    .source =
        "net/ipv4/tcp_input.c tcp_conn_request(); include/net/inet_connection_sock.h; RFC 4987",
    .reads = kReads,
    .check = check,
};

}  // namespace tuner::rules::syn_queue_overflow
