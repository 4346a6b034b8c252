#include "judge/flag.hpp"

namespace tuner::rules::timestamps_off {

namespace {

constexpr judge::Flag kFlag{
    .key = "net.ipv4.tcp_timestamps",
    .wanted = true,
    .severity = Severity::warning,
    .wrong =
        "It is off: no protection from wrapped sequence numbers, and no reuse of TIME_WAIT ports.",
};

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
    .reads = {kFlag.key},
    .judges_values = true,
    .check = [](const AuditInput& input) { return judge::flag_findings(kFlag, input); },
};

}  // namespace tuner::rules::timestamps_off
