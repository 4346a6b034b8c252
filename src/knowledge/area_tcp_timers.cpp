#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_timers {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_syn_retries",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {1, 127},
     .effect_note = "live for SYN_SENT sockets without TCP_SYNCNT",
     .default_text = "6",
     .default_rule = always<6>,
     .since = "2.2",
     .changes = "6.5: 1,2,4,... s: 127 s -> tcp_syn_linear_timeouts=4 gives 1,1,1,1,1,2,4...: "
                "final timeout 131 s per documentation for 6 (documentation figure)",
     .notes = "a write outside the range: EINVAL outside 1..127",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_syn_linear_timeouts",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 127},
     .default_text = "4",
     .default_rule = always<4>,
     .since = "6.5",
     .notes = "a write outside the range: EINVAL outside 0..127",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_time",
     .unit = Unit::seconds,
     .effect_note =
         "sockets with SO_KEEPALIVE and no TCP_KEEPIDLE; read when the timer is (re)armed",
     .default_text = "7200",
     .default_rule = always<7200>,
     .since = "2.2",
     .notes =
         "does nothing for sockets without SO_KEEPALIVE\n"
         "what sits in between forgets idle connections sooner than 7200 s: Azure's load balancer "
         "after 4 minutes, AWS's network load balancer after 350 s, conntrack by its own timeout; "
         "some L4 switches do not pass empty segments on (TOAST 2015 5.3), and only the "
         "application's own heartbeat helps there\n"
         "a write outside the range: 0 and -1 accepted (measured); overflow of jiffies -> EINVAL",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/net/tcp.h "
               "keepalive_time_when(); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_intvl",
     .unit = Unit::seconds,
     .effect_note = "as keepalive_time",
     .default_text = "75",
     .default_rule = always<75>,
     .since = "2.4",
     .notes = "a write outside the range: as keepalive_time",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_probes",
     .unit = Unit::count,
     .counted = "probes",
     .range = {0, 255},
     .default_text = "9",
     .default_rule = always<9>,
     .since = "2.2",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_retries1",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .default_text = "3",
     .default_rule = always<3>,
     .since = "2.2",
     .notes = "a write outside the range: 0..255",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_retries2",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .default_text = "15 (924.6 s hypothetical minimum)",
     .default_rule = always<15>,
     .since = "2.2",
     .notes = "8 is the RFC 1122 floor (100 and later s); TCP_USER_TIMEOUT overrides\n"
              "interacts with tcp_rto_max_ms (6.15 and later)\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_rto_min_us",
     .unit = Unit::microseconds,
     .range = {1, kIntMax},
     .effect = Effect::new_sockets,
     .effect_note = "sockets created later (copied in tcp_init_sock)",
     .default_text = "200000",
     .default_rule = always<200000>,
     .since = "6.11",
     .notes = "route rto_min and TCP_RTO_MIN_US override\n"
              "a write outside the range: EINVAL below 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp.c tcp_init_sock(); "
               "measured on 6.18.44"},
    {.key = "net.ipv4.tcp_rto_max_ms",
     .unit = Unit::milliseconds,
     .range = {1000, 120000},
     .effect = Effect::new_sockets,
     .effect_note = "sockets created later",
     .default_text = "120000",
     .default_rule = always<120000>,
     .since = "6.15",
     .notes = "lowering it should go with tcp_retries2\n"
              "a write outside the range: EINVAL outside 1000..120000 (measured)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_timers
