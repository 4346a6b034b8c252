#include "knowledge/thresholds.hpp"

namespace tuner::judge::threshold {

namespace {

constexpr Row kRows[] = {
    {"Failures of any kind, for more than a note", "10",
     "Our choice: fewer are a coincidence. Their share is the lower end of Wilson's 95% confidence "
     "interval (JASA 22, 1927)."},
    {"Share of failures that is a warning", "1 in 10,000",
     "Our choice: nobody promises users more than that."},
    {"Share of failures that is an error", "1 in 100", "Our choice: users notice it."},
    {"A limit or a table that is nearly full, for a warning", "80%",
     "Our choice: half of what is left goes before anybody acts."},
    {"The same, for an error", "95%", "Our choice: a burst fills the rest."},
    {"Segments retransmitted, for a note", "100, and 1%",
     "At 1% and a round trip of 50 ms a flow gets some 3 Mbit/s (Mathis et al., CCR 27(3), 1997); "
     "a hundred, so that the tail of one transfer does not count as a bad path."},
    {"The same, for a warning", "5%", "The same formula: 1.3 Mbit/s."},
    {"Softirq runs cut off, for a note", "1% of the processors' time",
     "A run takes net.core.netdev_budget_usecs at the most (net/core/dev.c net_rx_action()); below "
     "it nobody waits for long. Our choice."},
    {"The same, for a warning", "10%", "Our choice: the machine is busy with packets."},
    {"Orphans when connections were killed", "a quarter of tcp_max_orphans",
     "net/ipv4/tcp_timer.c tcp_out_of_resources(): an idle orphan counts up to four times."},
    {"SYNs that one peer leaves unanswered, for a warning", "3, or one sent twice",
     "Our choice: one lost SYN is nothing."},
    {"CLOSE_WAIT sockets of one process", "100, or one for a minute",
     "Our choice: a program that closes does so at once."},
    {"A default of tcp_rmem or tcp_wmem that is too large", "1 MiB",
     "Our choice: each connection may fill it before autotuning has a say, 1 GiB for 1,000 "
     "of them; the kernel's own are 128 KiB and 16 KiB (net/ipv4/tcp.c tcp_init())."},
    {"Data of connections that a buffer holds back, for a note", "1 MiB, and 10%",
     "Our choice: less is one transfer among many."},
    {"The same, for a warning", "50%", "Our choice: most of what this host moves waits for it."},
    {"Conntrack entries for each bucket when full", "4",
     "What kernels before 5.15 came with (nf_conntrack_init_start())."},
};

}  // namespace

std::span<const Row> table() { return kRows; }

}  // namespace tuner::judge::threshold
