#include "judge/flag.hpp"

namespace tuner::rules::tcp_tw_recycle_enabled {

namespace {

constexpr judge::Flag kFlag{
    .key = "net.ipv4.tcp_tw_recycle",
    .wanted = false,
    .severity = Severity::error,
    .wrong = "It is on: it drops connections of clients behind NAT. Linux 4.12 removed it.",
    .evidence = "TcpExt.PAWSPassive",
    .meaning = "SYNs that it dropped",
    .may_be_absent = true,
};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-tw-recycle-enabled",
    .what = "tcp_tw_recycle is on.",
    .why =
        "It keeps one timestamp for each peer address. Clients behind one NAT address share the "
        "address, not the clock, so their SYNs are silently dropped and their connections time "
        "out. Since 4.10 it fails even without NAT, because timestamps start at a random offset "
        "for each connection. Linux 4.12 removed it.",
    .fix =
        "Set net.ipv4.tcp_tw_recycle = 0 at once. For outbound connections net.ipv4.tcp_tw_reuse = "
        "1 does what it was meant for.",
    .source = "commit 4396e46187ca (removed in 4.12); tcp(7); TOAST 2015 5.5; RFC 6191",
    .reads = {kFlag.key},
    .judges_values = true,
    .check = [](const AuditInput& input) { return judge::flag_findings(kFlag, input); },
};

}  // namespace tuner::rules::tcp_tw_recycle_enabled
