#include "judge/findings.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::timestamps_off {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_timestamps";

std::vector<Finding> check(const AuditInput& input) {
  const auto running = input.host.number(kKey);
  if (!running) return {judge::about_key(judge::unknown(kKey, running.error()), kKey, input.host)};
  if (*running != 0) return {judge::key_passed(kKey, input.host, "It is on.")};
  Finding finding = judge::key_failed(
      Severity::warning, kKey, input.host,
      "It is off: no protection from wrapped sequence numbers, and no reuse of TIME_WAIT ports.");
  finding.wanted = "1";
  finding.fix = judge::set(kKey, "1");
  return {finding};
}

constexpr std::string_view kReads[] = {"net.ipv4.tcp_timestamps"};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "timestamps-off",
    .what = "tcp_timestamps is off.",
    .why =
        "Timestamps protect fast connections from wrapped sequence numbers (PAWS), measure the "
        "round trip, let tcp_tw_reuse work, and carry the options of connections that a SYN cookie "
        "opened. They cost 12 bytes a segment.",
    .fix = "Set net.ipv4.tcp_timestamps = 1.",
    .source = "RFC 7323 3 to 5; net/ipv4/tcp_input.c tcp_conn_request(); TOAST 2015 5.4",
    .reads = kReads,
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::timestamps_off
