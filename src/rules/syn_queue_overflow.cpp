#include <fmt/core.h>

#include <algorithm>

#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::syn_queue_overflow {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_syncookies";
constexpr const char* kDropped = "TcpExt.TCPReqQFullDrop";
constexpr const char* kCookies = "TcpExt.TCPReqQFullDoCookies";
constexpr const char* kReturned = "TcpExt.SyncookiesRecv";
constexpr std::int64_t kCookiesAlways = 2;

/// What SYN cookies came to. A client that is there answers its SYN-ACK, and the cookie comes back;
/// who floods does not.
struct Cookies {
  std::int64_t sent = 0;
  std::int64_t returned = 0;

  [[nodiscard]] bool flood() const { return returned < sent / 2; }
};

std::string describe(std::int64_t dropped, const Cookies& cookies, std::int64_t accepted) {
  if (dropped > 0) {
    return fmt::format("It dropped {} new connections, retries included: the SYN queue was full.",
                       text::share(dropped, judge::sum(accepted, dropped)));
  }
  return fmt::format("{} SYNs got a SYN cookie: the SYN queue was full. {} cookies came back{}.",
                     text::grouped(cookies.sent), text::grouped(cookies.returned),
                     cookies.flood() ? ": most SYNs were a flood, which the cookies absorbed"
                                     : ", so these were clients, and none was lost");
}

Fix fix_for(bool flood) {
  if (flood) {
    return {.kind = Fix::Kind::none,
            .text =
                "Keep net.ipv4.tcp_syncookies = 1. This is not a sysctl problem: a longer queue "
                "does not stop a flood; filter it before this host."};
  }
  return {.kind = Fix::Kind::application,
          .text =
              "Raise the application's own backlog and net.core.somaxconn, then reload the "
              "application."};
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto dropped = host.counter(kDropped);
  const auto answered = host.counter(kCookies);
  const auto accepted = host.counter("Tcp.PassiveOpens");
  if (!dropped) return {judge::unknown(kKey, dropped.error())};
  if (!answered) return {judge::unknown(kKey, answered.error())};
  if (!accepted) return {judge::unknown(kKey, accepted.error())};
  // With tcp_syncookies = 2 every SYN is answered with a cookie, full queue or not.
  const bool always = host.number(kKey).value_or(0) == kCookiesAlways;
  const Cookies cookies{.sent = always ? 0 : *answered,
                        .returned = host.counter(kReturned).value_or(0)};
  // A cookie loses no connection; a dropped SYN does.
  const auto severity =
      std::max(judge::weigh(*dropped, *accepted), judge::weigh_unmendable(cookies.sent, *accepted));
  if (!severity) return {judge::key_passed(kKey, host, "No SYN queue was full.")};
  Finding finding =
      judge::key_failed(*severity, kKey, host, describe(*dropped, cookies, *accepted));
  finding.evidence = {
      judge::counter_evidence(kDropped, *dropped, "SYNs dropped " + text::counted_since(host)),
      judge::counter_evidence(kCookies, *answered, "SYNs answered with a cookie"),
      judge::counter_evidence(kReturned, cookies.returned, "connections completed with a cookie"),
      judge::counter_evidence("Tcp.PassiveOpens", *accepted, "connections accepted")};
  finding.fix = fix_for(*dropped == 0 && cookies.flood());
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "syn-queue-overflow",
    .what = "New connections found the SYN queue full.",
    .why =
        "The queue of half-open connections is full: either more clients connect at once than the "
        "listener has room for, or the host is being flooded. With SYN cookies the connection "
        "needs no place in the queue, but loses options if the client sends no timestamps; without "
        "them the SYN is dropped.",
    .fix =
        "Raise the application's own backlog and net.core.somaxconn: since 4.4 these bound the SYN "
        "queue, not net.ipv4.tcp_max_syn_backlog. Keep net.ipv4.tcp_syncookies = 1.",
    .source =
        "net/ipv4/tcp_input.c tcp_conn_request(); include/net/inet_connection_sock.h; RFC 4987",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::syn_queue_overflow
