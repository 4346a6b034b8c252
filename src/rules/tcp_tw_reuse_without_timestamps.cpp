#include "judge/findings.hpp"
#include "knowledge/constraints.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_tw_reuse_without_timestamps {

namespace {

constexpr const char* kReuse = "net.ipv4.tcp_tw_reuse";
constexpr const char* kTimestamps = "net.ipv4.tcp_timestamps";

std::vector<Finding> check(const AuditInput& input) {
  const auto reuse = input.host.number(kReuse);
  const auto timestamps = input.host.number(kTimestamps);
  if (!reuse) return {judge::unknown(kReuse, reuse.error())};
  if (!timestamps) return {judge::unknown(kTimestamps, timestamps.error())};
  if (constraints::kReuseHasStamps.holds_for({*reuse, *timestamps})) {
    return {judge::key_passed(kReuse, input.host, "It does not depend on disabled timestamps.")};
  }
  Finding finding = judge::key_failed(Severity::error, kReuse, input.host,
                                      "It is 1 but has no effect, because tcp_timestamps is 0.");
  finding.evidence = {{.source = "/proc/sys/net/ipv4/tcp_timestamps",
                       .name = kTimestamps,
                       .value = "0",
                       .meaning = "timestamps are off"}};
  finding.fix = judge::set(kTimestamps, "1");
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-tw-reuse-without-timestamps",
    .what = "tcp_tw_reuse is 1 while tcp_timestamps is off.",
    .why =
        "A port in TIME_WAIT is reused only if the old connection left a timestamp. "
        "Without timestamps tcp_tw_reuse does nothing, and local ports run out as if it were off "
        "(measured: no reuse at all).",
    .fix = "Set net.ipv4.tcp_timestamps = 1, here and on the peers.",
    .source = "net/ipv4/tcp_ipv4.c tcp_twsk_unique(); TOAST 2015 5.3",
    .reads = {kReuse, kTimestamps},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::tcp_tw_reuse_without_timestamps
