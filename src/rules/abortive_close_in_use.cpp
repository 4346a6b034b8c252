#include <fmt/core.h>

#include <algorithm>

#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::abortive_close_in_use {

namespace {

constexpr const char* kOnData = "TcpExt.TCPAbortOnData";
constexpr const char* kOnClose = "TcpExt.TCPAbortOnClose";

/// Connections that came to an end: those opened less those that are open.
Observed<std::int64_t> closed_connections(const HostSnapshot& host) {
  auto active = host.counter("Tcp.ActiveOpens");
  auto passive = host.counter("Tcp.PassiveOpens");
  auto open = host.counter("Tcp.CurrEstab");
  if (!active) return active;
  if (!passive) return passive;
  if (!open) return open;
  // A sample counts opens of a moment beside all that are open: never below the aborts alone.
  const std::int64_t opened = judge::sum(*active, *passive);
  return host.sampled_for ? opened : opened - std::clamp<std::int64_t>(*open, 0, opened);
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto on_data = host.counter(kOnData);
  const auto on_close = host.counter(kOnClose);
  const auto closes = closed_connections(host);
  if (!on_data) return {judge::unknown("TCP", on_data.error())};
  if (!on_close) return {judge::unknown("TCP", on_close.error())};
  if (!closes) return {judge::unknown("TCP", closes.error())};
  const std::int64_t aborts = judge::sum(*on_data, *on_close);
  const auto severity = judge::weigh_unmendable(aborts, *closes);
  if (!severity) return {judge::passed("TCP", "No connection was closed with a reset.")};
  Finding finding = judge::failed(
      *severity, "TCP",
      fmt::format("Applications closed {} connections with a reset. This is not a sysctl problem.",
                  text::share(aborts, *closes)));
  finding.evidence = {
      judge::counter_evidence(kOnData, *on_data, "linger 0, or data that arrived after close()"),
      judge::counter_evidence(kOnClose, *on_close, "close() with data unread"),
      judge::counter_evidence("Tcp closes", *closes,
                              "closed connections, " + text::counted_since(host))};
  finding.fix = {.kind = Fix::Kind::application,
                 .text = "Read to the end, then close without SO_LINGER 0."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "abortive-close-in-use",
    .what = "Applications close connections with a reset.",
    .why =
        "A reset discards what the peer has not read yet: it gets ECONNRESET instead of the rest "
        "of the answer. The cause is SO_LINGER with 0 seconds, or close() with data unread; "
        "the counters do not distinguish them.",
    .fix =
        "This is not a sysctl problem. The application should read to the end, shut down, and "
        "close without SO_LINGER 0.",
    .source = "net/ipv4/tcp.c __tcp_close(); RFC 9293 3.6; TOAST 2015 5.6",
    .check = check,
};

}  // namespace tuner::rules::abortive_close_in_use
