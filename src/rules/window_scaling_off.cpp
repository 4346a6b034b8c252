#include "judge/flag.hpp"

namespace tuner::rules::window_scaling_off {

namespace {

constexpr judge::Flag kFlag{
    .key = "net.ipv4.tcp_window_scaling",
    .wanted = true,
    .severity = Severity::error,
    .wrong = "It is off: no connection can have more than 65,535 bytes in flight.",
    .evidence = "net.ipv4.tcp_rmem",
    .meaning = "min, default and max of the receive buffer, in bytes",
};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "window-scaling-off",
    .what = "tcp_window_scaling is off.",
    .why =
        "Without window scaling a connection has at most 65,535 bytes in flight in either "
        "direction, whatever the buffers: 5 Mbit/s at 100 ms.",
    .fix = "Set net.ipv4.tcp_window_scaling = 1.",
    .source = "RFC 7323 2; TOAST 2015 3.2",
    .reads = {kFlag.key, kFlag.evidence},
    .judges_values = true,
    .check = [](const AuditInput& input) { return judge::flag_findings(kFlag, input); },
};

}  // namespace tuner::rules::window_scaling_off
