#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_time_wait {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_tw_reuse",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "on"}, {2, "loopback only"}},
     .range = {0, 2},
     .effect_note = "Each connect() that finds the 4-tuple in TIME_WAIT reads it.",
     .default_text = "2 (4.18 and later); 0 (4.17 and earlier)",
     .default_rule = since<4, 18, 0, 2>,
     .since = "2.4.19/2.6",
     .changes = "4.10: per network namespace, was global\n"
                "4.18: default was 0, now 2, a new value for loopback only (commit 79e9fed46038 of "
                "June 2018; the 4.18.0 tree has it, so it is 4.18 and not 4.19)\n"
                "6.12: timewait sockets in the FIN_WAIT2 substate are never reused (in about this "
                "release); before, those of orphans could be\n"
                "6.14: tcp_tw_reuse_delay sets the wait in ms; before, more than 1 s had to pass "
                "since the last segment, counted in seconds",
     .notes = "It works on the client side only, in connect(). It does nothing for TIME_WAIT "
              "sockets that inbound connections leave on a server (measured).\n"
              "It needs timestamps, negotiated on the old connection and enabled now.\n"
              "The value 2 covers only loopback addresses and sockets bound to lo. A veth or "
              "bridge to a local container is not loopback (measured on veth).\n"
              "A port in TIME_WAIT is blocked only for the same destination IP and port (and for "
              "bind()). Other destinations can use it without reuse.\n"
              "TWRecycled counts successes.\n"
              "A value above 2 fails with EINVAL (4.18 and later).",
     .source = "net/ipv4/tcp_ipv4.c tcp_twsk_unique(); net/ipv4/inet_hashtables.c "
               "__inet_check_established(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on 6.18.44"},
    {.key = "net.ipv4.tcp_tw_reuse_delay",
     .unit = Unit::milliseconds,
     .range = {1, 60000},
     .default_text = "1000",
     .default_rule = always<1000>,
     .since = "6.14",
     .notes = "It matters only with tcp_tw_reuse at 1 or 2.\n"
              "Measured: ports were reused after 0.18, 0.98 and 2.98 s with 200, 1000 and 3000.\n"
              "It must not be lower than the timestamp tick of the peer: Linux peers of 4.12 and "
              "earlier tick per jiffy, some stacks every 10 ms to 1 s.\n"
              "A value outside 1 to 60000 fails with EINVAL (measured).",
     .source = "net/ipv4/sysctl_net_ipv4.c tcp_tw_reuse_delay_max = TCP_PAWS_MSL*1000; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_tw_recycle",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .child = Child::does_not_apply,
     .effect_note = "The file does not exist. sysctl -p prints \"cannot stat\" and returns 1; "
                    "systemd-sysctl silently ignores it.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4",
     .removed = "4.12",
     .notes =
         "Clients behind one NAT address share an address but not a timestamp clock, so their SYNs "
         "are dropped silently.\n"
         "It broke clients behind NAT. It has been useless since 4.10, because timestamp offsets "
         "became random per connection.\n"
         "It never needed tcp_tw_reuse, contrary to TOAST 2015 5.5: each was judged by itself.",
     .source = "tcp(7); kernel sources, version by version: present 4.11, absent 4.12"},
    {.key = "net.ipv4.tcp_max_tw_buckets",
     .unit = Unit::connections,
     .effect_note = "It applies to sockets that enter TIME_WAIT from then on.",
     .more = More::is_more_room,
     .negative = Negative::is_unlimited,
     .default_text = "tcp_ehash_entries/2 of the hash that the network namespace uses (131072 on "
                     "24 GiB, 32768 on 8 GiB, 4096 on 1 GiB). ehash is RAM/128 KiB rounded up to "
                     "2^n and capped at 524288; thash_entries= overrides it.",
     .default_rule = half_of_tcp_hash,
     .since = "2.4",
     .changes = "4.11: per network namespace, was global",
     .notes =
         "When the table is full, a connection is closed without TIME_WAIT and TCPTimeWaitOverflow "
         "increases (measured). The documentation still promises a printed warning, but no tree "
         "since 3.10 that was examined prints one: the counter is the only evidence.\n"
         "No data is lost by it, contrary to TOAST 2015 5.2: a connection enters TIME_WAIT after "
         "all that it sent was acknowledged.\n"
         "A listener accepts a SYN for a pair in TIME_WAIT if its sequence number or timestamp is "
         "newer (RFC 1122 4.2.2.13; tcp_timewait_state_process()). Such a SYN is spared the limit "
         "of the queue (tcp_conn_request()).\n"
         "It counts the mini-sockets of orphans in FIN_WAIT2 too.\n"
         "Each costs 256 B of slab (measured) and a bind bucket.\n"
         "The documentation says that it must not be lowered.\n"
         "The kernel accepts any int. A negative value behaves as unlimited (measured with -1), "
         "and 0 disables TIME_WAIT altogether.",
     .source = "net/ipv4/inet_timewait_sock.c inet_twsk_alloc(); net/ipv4/tcp_ipv4.c "
               "tcp_set_hashinfo(); Documentation/networking/ip-sysctl.rst (6.18); measured on "
               "6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_fin_timeout",
     .unit = Unit::seconds,
     .effect_note = "It is read when an orphan enters FIN_WAIT2. Timers that are already armed "
                    "keep their value.",
     .default_text = "60",
     .default_rule = always<60>,
     .since = "2.2",
     .notes =
         "It covers only orphans in FIN_WAIT2, not TIME_WAIT, which is compiled in "
         "(TCP_TIMEWAIT_LEN, 60 s; measured: 51 s left after 8 s with fin_timeout=3).\n"
         "At 60 s or less, the socket becomes a timewait mini-socket in the FIN_WAIT2 substate and "
         "is counted in tw of sockstat and in tcp_max_tw_buckets (measured). Above 60 s, the full "
         "socket is kept for (timeout-60) s first.\n"
         "When the time is up the socket is gone. It does not pass through TIME_WAIT, contrary to "
         "TOAST 2015 5.1 (tcp_time_wait() with the substate FIN_WAIT2).\n"
         "It is never shorter than 3.5*RTO. TCP_LINGER2 overrides it per socket (up to 120 s).\n"
         "There is no minimum: 0 and even -1 are accepted and read back (measured). A value that "
         "overflows jiffies fails with EINVAL.",
     .source = "net/ipv4/tcp.c __tcp_close(); include/net/tcp.h tcp_fin_time(), TCP_TIMEWAIT_LEN; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_rfc1337",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2",
     .notes = "The value 1 ignores a RST in TIME_WAIT, which prevents assassination. The "
              "documentation is misleading: in the code, 0 lets a valid RST kill the TIME_WAIT.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_minisocks.c tcp_timewait_state_process(); RFC 1337; "
               "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_max_orphans",
     .unit = Unit::connections,
     .scope = Scope::machine,
     .child = Child::absent,
     .more = More::is_more_room,
     .default_text = "tcp_ehash_entries/2 at boot (131072 on 24 GiB, 16384 on 4 GiB)",
     .default_rule = half_of_tcp_hash,
     .since = "2.4",
     .notes = "When it is exceeded, the kernel logs \"TCP: too many orphaned sockets\", resets the "
              "connection and counts TCPAbortOnMemory (measured).\n"
              "Idle orphans are penalised: their count is shifted by up to 2 bits, so resets can "
              "start at a quarter of the limit.\n"
              "Since 5.15 or 5.16 the orphan count is cached and refreshed every 100 ms.\n"
              "The kernel accepts any int.",
     .source =
         "net/ipv4/tcp.c tcp_too_many_orphans(); net/ipv4/tcp_timer.c tcp_out_of_resources(); "
         "Documentation/networking/ip-sysctl.rst (6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_orphan_retries",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .default_text = "0 in the file, which means 8",
     .default_rule = always<0>,
     .since = "2.4",
     .notes = "The documentation says that the default is 8, but the file shows 0.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_timer.c tcp_orphan_retries(); Documentation/networking/ip-sysctl.rst "
               "(6.18)"},
    {.key = "net.ipv4.tcp_ehash_entries",
     .unit = Unit::count,
     .counted = "buckets",
     .child = Child::own_view,
     .effect = Effect::at_boot,
     .effect_note = "It is set at boot.",
     .write = Write::read_only,
     .default_text = "RAM/128 KiB rounded up to 2^n, at most 524288 (262144 on 24 GiB)",
     .since = "6.1",
     .notes = "The file is read-only (mode 0444); the boot parameter is thash_entries=.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_child_ehash_entries",
     .unit = Unit::count,
     .counted = "buckets",
     .range = {0, 16777216},
     .effect = Effect::new_namespaces,
     .effect_note = "It applies to network namespaces that this one creates later.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "6.1",
     .notes =
         "It changes tcp_max_tw_buckets and tcp_max_syn_backlog of the child (measured: 1 gives "
         "tw_buckets 0 and syn_backlog 128).\n"
         "A value above 2^24 fails with EINVAL. The value is rounded up to 2^n when it is used.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp_ipv4.c "
               "tcp_set_hashinfo(); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_time_wait
