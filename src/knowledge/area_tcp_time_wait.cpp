#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_time_wait {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_tw_reuse",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "on"}, {2, "loopback only"}},
     .range = {0, 2},
     .effect_note = "live, at each connect() that finds the 4-tuple in TIME_WAIT",
     .default_text = "2 (4.18 and later); 0 (4.17 and earlier)",
     .default_rule = since<4, 18, 0, 2>,
     .since = "2.4.19/2.6",
     .changes = "4.10: global -> per-netns\n"
                "4.18: 0 -> 2 (new value; loopback only) (commit 79e9fed46038, 2018-06; the 4.18.0 "
                "tree has it, so 4.18 and not 4.19)\n"
                "6.12-ish: orphan FIN_WAIT2 timewait socks reusable -> never reused in FIN_WAIT2 "
                "substate\n"
                "6.14: >1 s since last segment (seconds) -> tcp_tw_reuse_delay in ms",
     .notes = "client side only: consulted in connect(); does nothing for TIME_WAIT sockets "
              "created on a server by inbound connections (measured)\n"
              "needs timestamps negotiated on the old connection and enabled now\n"
              "value 2 covers loopback addresses or sockets bound to lo only; a veth/bridge to a "
              "local container is not loopback (measured on veth)\n"
              "a TIME_WAIT port is only blocked for the SAME destination ip:port (and for bind()); "
              "other destinations can use it without reuse\n"
              "TWRecycled counts successes\n"
              "a write outside the range: EINVAL above 2 (4.18 and later)",
     .source = "net/ipv4/tcp_ipv4.c tcp_twsk_unique(); net/ipv4/inet_hashtables.c "
               "__inet_check_established(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on 6.18.44"},
    {.key = "net.ipv4.tcp_tw_reuse_delay",
     .unit = Unit::milliseconds,
     .range = {1, 60000},
     .default_text = "1000",
     .default_rule = always<1000>,
     .since = "6.14",
     .notes = "only with tcp_tw_reuse 1 or 2\n"
              "measured reuse after 0.18/0.98/2.98 s for 200/1000/3000\n"
              "must not be lower than the peer's timestamp tick: 4.12 and earlier Linux peers tick "
              "per jiffy, some stacks 10 ms..1 s\n"
              "a write outside the range: EINVAL outside 1..60000 (measured)",
     .source = "net/ipv4/sysctl_net_ipv4.c tcp_tw_reuse_delay_max = TCP_PAWS_MSL*1000; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_tw_recycle",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .child = Child::does_not_apply,
     .effect_note = "file does not exist; sysctl -p prints \"cannot stat\" and returns 1, "
                    "systemd-sysctl silently ignores it",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4",
     .removed = "4.12",
     .notes = "clients behind one NAT address share an address but not a timestamp clock: their "
              "SYNs are dropped in silence\n"
              "broke clients behind NAT; useless since 4.10 because timestamp offsets became "
              "per-connection random\n"
              "it never needed tcp_tw_reuse, as TOAST 2015 5.5 has it: each was judged by itself",
     .source = "tcp(7); kernel sources, version by version: present 4.11, absent 4.12"},
    {.key = "net.ipv4.tcp_max_tw_buckets",
     .unit = Unit::connections,
     .effect_note = "sockets that enter TIME_WAIT from then on",
     .more = More::is_more_room,
     .negative = Negative::is_unlimited,
     .default_text = "ehash_entries/2 (131072 on 24 GiB; 32768 on 8 GiB; 4096 on 1 GiB); "
                     "tcp_ehash_entries/2 of the hash used by the netns; ehash = RAM/128 KiB "
                     "rounded up to 2^n, capped 524288, overridable thash_entries=",
     .default_rule = half_of_tcp_hash,
     .since = "2.4",
     .changes = "4.11: global -> per-netns",
     .notes = "when full the connection is closed WITHOUT TIME_WAIT: TCPTimeWaitOverflow increases "
              "(measured), the documentation still promises a printed warning, but no tree 3.10 "
              "and later examined prints one: the counter is the only evidence\n"
              "no data is lost by it, whatever TOAST 2015 5.2 says: a connection enters TIME_WAIT "
              "after all it sent was acknowledged\n"
              "a listener takes a SYN for a pair in TIME_WAIT if its sequence number or timestamp "
              "is newer (RFC 1122 4.2.2.13; tcp_timewait_state_process()); such a SYN is spared "
              "the limit of the queue (tcp_conn_request())\n"
              "counts orphan FIN_WAIT2 mini-sockets too\n"
              "each costs 256 B slab (measured) + bind bucket\n"
              "the documentation says it must not be lowered\n"
              "a write outside the range: any int accepted; negative behaves as unlimited "
              "(measured -1), 0 disables TIME_WAIT altogether",
     .source = "net/ipv4/inet_timewait_sock.c inet_twsk_alloc(); net/ipv4/tcp_ipv4.c "
               "tcp_set_hashinfo(); Documentation/networking/ip-sysctl.rst (6.18); measured on "
               "6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_fin_timeout",
     .unit = Unit::seconds,
     .effect_note = "when an orphan enters FIN_WAIT2; timers already armed keep their value",
     .default_text = "60",
     .default_rule = always<60>,
     .since = "2.2",
     .notes =
         "only orphaned FIN_WAIT2, NOT TIME_WAIT: TIME_WAIT is compiled in (TCP_TIMEWAIT_LEN "
         "60 s; measured 51 s left after 8 s with fin_timeout=3)\n"
         "60 and earlier s: the socket becomes a timewait mini-socket in FIN_WAIT2 substate "
         "and is counted in sockstat tw and tcp_max_tw_buckets (measured); >60 s: full socket "
         "kept (timeout-60) s first\n"
         "when the time is up the socket is gone: it does not pass through TIME_WAIT, as TOAST "
         "2015 5.1 says (tcp_time_wait() with the substate FIN_WAIT2)\n"
         "never shorter than 3.5*RTO; TCP_LINGER2 overrides per socket (max 120 s)\n"
         "a write outside the range: no minimum: 0 and even -1 accepted and read back "
         "(measured); values overflowing jiffies -> EINVAL",
     .source = "net/ipv4/tcp.c __tcp_close(); include/net/tcp.h tcp_fin_time(), TCP_TIMEWAIT_LEN; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_rfc1337",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2",
     .notes = "1 ignores RST in TIME_WAIT (prevents assassination); documentation text is "
              "misleading, code is: 0 lets a valid RST kill the TIME_WAIT\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_minisocks.c tcp_timewait_state_process(); RFC 1337; "
               "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_max_orphans",
     .unit = Unit::connections,
     .scope = Scope::machine,
     .child = Child::absent,
     .more = More::is_more_room,
     .default_text =
         "ehash_entries/2; tcp_ehash_entries/2 at boot (131072 on 24 GiB, 16384 on 4 GiB)",
     .default_rule = half_of_tcp_hash,
     .since = "2.4",
     .notes = "exceeding: \"TCP: too many orphaned sockets\", connection reset, TCPAbortOnMemory "
              "(measured)\n"
              "idle orphans are penalised: count is shifted by up to 2 bits, so resets can start "
              "at a quarter of the limit\n"
              "5.15 and later/5.16 the orphan count is cached and refreshed every 100 ms\n"
              "any int is taken",
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
     .notes = "documentation says default 8, the file shows 0\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_timer.c tcp_orphan_retries(); Documentation/networking/ip-sysctl.rst "
               "(6.18)"},
    {.key = "net.ipv4.tcp_ehash_entries",
     .unit = Unit::count,
     .counted = "buckets",
     .child = Child::own_view,
     .effect = Effect::at_boot,
     .effect_note = "boot",
     .write = Write::read_only,
     .default_text = "RAM/128 KiB rounded up to 2^n, cap 524288 (262144 on 24 GiB)",
     .since = "6.1",
     .notes = "a write outside the range: 0444; boot parameter thash_entries=",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_child_ehash_entries",
     .unit = Unit::count,
     .counted = "buckets",
     .range = {0, 16777216},
     .effect = Effect::new_namespaces,
     .effect_note = "netns created later by this netns",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "6.1",
     .notes = "changes tcp_max_tw_buckets and tcp_max_syn_backlog of the child (measured: 1 -> "
              "tw_buckets 0, syn_backlog 128)\n"
              "a write outside the range: EINVAL above 2^24; rounded up to 2^n when used",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp_ipv4.c "
               "tcp_set_hashinfo(); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_time_wait
