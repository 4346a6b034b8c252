#include "judge/findings.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_tw_recycle_enabled {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_tw_recycle";

std::vector<Finding> check(const AuditInput& input) {
  const auto running = input.host.number(kKey);
  if (!running && running.error().why == Unread::Why::absent) return {};
  if (!running) return {judge::about_key(judge::unknown(kKey, running.error()), kKey, input.host)};
  if (*running == 0) return {judge::key_passed(kKey, input.host, "It is off.")};
  Finding finding = judge::key_failed(
      Severity::error, kKey, input.host,
      "It is on: it drops connections of clients behind NAT. Linux 4.12 removed it.");
  finding.wanted = "0";
  if (const auto dropped = input.host.counter("TcpExt.PAWSPassive")) {
    finding.evidence.push_back(
        judge::counter_evidence("TcpExt.PAWSPassive", *dropped, "SYNs that it dropped"));
  }
  finding.fix = judge::set("net.ipv4.tcp_tw_recycle", "0");
  return {finding};
}

constexpr std::string_view kReads[] = {"net.ipv4.tcp_tw_recycle"};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-tw-recycle-enabled",
    .what = "tcp_tw_recycle is on.",
    .why =
        "It keeps one timestamp for each peer address. Clients behind one NAT address share the "
        "address, not the clock, so their SYNs are dropped without a trace and their connections "
        "time out. Since 4.10 it breaks without NAT too, for timestamps start at a random offset "
        "for each connection. Linux 4.12 removed it.",
    .fix =
        "Set net.ipv4.tcp_tw_recycle = 0 at once. For outbound connections net.ipv4.tcp_tw_reuse = "
        "1 does what it was meant for.",
    .source = "commit 4396e46187ca (removed in 4.12); tcp(7); TOAST 2015 5.5; RFC 6191",
    .reads = kReads,
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::tcp_tw_recycle_enabled
