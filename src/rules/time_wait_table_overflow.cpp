#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "model/number.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/units.hpp"

namespace tuner::rules::time_wait_table_overflow {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_max_tw_buckets";
constexpr const char* kOverflow = "TcpExt.TCPTimeWaitOverflow";
constexpr std::int64_t kBytesEach = 256;  // slab size of a tw_sock_TCP, measured on 6.18

Fix raise_table(const HostSnapshot& host) {
  const auto buckets = host.number(kKey);
  if (!buckets || *buckets <= 0) return {.kind = Fix::Kind::sysctl, .text = "Raise it."};
  // Where it was lowered, twice as many may still be fewer than the kernel chose.
  const auto chosen = parse::integer(judge::default_text(*find_fact(kKey), host).value_or(""));
  const std::int64_t wanted = std::max(*buckets * 2, chosen.value_or(0));
  const auto memory = checked_multiply(Bytes(kBytesEach), wanted);
  return judge::set(
      kKey, std::to_string(wanted),
      fmt::format("up to {} of memory when full", memory ? text::size(*memory) : "much"));
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto overflow = host.counter(kOverflow);
  const auto entered = host.counter("TcpExt.TW");
  if (!overflow) return {judge::unknown(kKey, overflow.error())};
  if (!entered) return {judge::unknown(kKey, entered.error())};
  const std::int64_t closes = judge::sum(*entered, *overflow);
  const auto severity = judge::weigh(*overflow, closes);
  if (!severity)
    return {judge::key_passed(kKey, host,
                              "No connection was closed because the TIME_WAIT table was full.")};
  Finding finding = judge::key_failed(
      *severity, kKey, host,
      fmt::format("It closed {} connections without TIME_WAIT: the table was full.",
                  text::share(*overflow, closes)));
  finding.evidence = {
      judge::counter_evidence(kOverflow, *overflow, text::counted_since(host)),
      judge::counter_evidence("TcpExt.TW", *entered, "connections that entered TIME_WAIT")};
  if (host.tcp) {
    finding.evidence.push_back(
        judge::socket_evidence("time-wait-on-service-ports", host.tcp->time_wait_on_service_ports,
                               "closed first by services of this host: harmless to them"));
    finding.evidence.push_back(
        judge::socket_evidence("time-wait-on-chosen-ports", host.tcp->time_wait_on_chosen_ports,
                               "closed first by this host as the client: each holds a local port"));
  }
  finding.fix = raise_table(host);
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "time-wait-table-overflow",
    .what = "Connections closed without TIME_WAIT because the table was full.",
    .why =
        "Without TIME_WAIT, a new connection on the same ports can mistake late segments of the "
        "old one for its own, and if the final ACK is lost, the peer's retransmitted FIN gets a "
        "reset. No data is lost: "
        "TIME_WAIT begins when all of it has been acknowledged. The kernel logs nothing: the "
        "counter is the only sign.",
    .fix =
        "Raise net.ipv4.tcp_max_tw_buckets; each entry costs 256 bytes. TIME_WAIT itself is not a "
        "fault.",
    .source = "net/ipv4/inet_timewait_sock.c inet_twsk_alloc(); TOAST 2015 5.2",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::time_wait_table_overflow
