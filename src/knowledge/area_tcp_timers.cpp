#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_timers {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_syn_retries",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {1, 127},
     .effect_note = "It applies at once to SYN_SENT sockets without TCP_SYNCNT.",
     .default_text = "6",
     .default_rule = always<6>,
     .since = "2.2",
     .changes = "6.5: tcp_syn_linear_timeouts=4 gives waits of 1, 1, 1, 1, 1, 2, 4, ... s, and 6 "
                "retries end after 131 s according to the documentation; before, the waits were 1, "
                "2, 4, ... s and ended after 127 s",
     .notes = "A value outside 1 to 127 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_syn_linear_timeouts",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 127},
     .default_text = "4",
     .default_rule = always<4>,
     .since = "6.5",
     .notes = "A value outside 0 to 127 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_time",
     .unit = Unit::seconds,
     .effect_note = "It applies to sockets with SO_KEEPALIVE and no TCP_KEEPIDLE, and is read each "
                    "time the timer is armed.",
     .default_text = "7200",
     .default_rule = always<7200>,
     .since = "2.2",
     .notes = "It does nothing for sockets without SO_KEEPALIVE.\n"
              "Devices on the path forget idle connections sooner than 7200 s: Azure's load "
              "balancer after 4 minutes, AWS's network load balancer after 350 s, conntrack by its "
              "own timeout. Some L4 switches do not pass empty segments on (TOAST 2015 5.3), and "
              "only a heartbeat of the application helps there.\n"
              "The values 0 and -1 are accepted (measured). A value that overflows jiffies fails "
              "with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/net/tcp.h "
               "keepalive_time_when(); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_intvl",
     .unit = Unit::seconds,
     .effect_note = "It applies as tcp_keepalive_time does.",
     .default_text = "75",
     .default_rule = always<75>,
     .since = "2.4",
     .notes = "A write outside the range behaves as for tcp_keepalive_time.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_keepalive_probes",
     .unit = Unit::count,
     .counted = "probes",
     .range = {0, 255},
     .default_text = "9",
     .default_rule = always<9>,
     .since = "2.2",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_retries1",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .default_text = "3",
     .default_rule = always<3>,
     .since = "2.2",
     .notes = "The kernel accepts 0 to 255.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_retries2",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .default_text = "15 (a hypothetical minimum of 924.6 s)",
     .default_rule = always<15>,
     .since = "2.2",
     .notes =
         "The value 8 is the floor of RFC 1122 (at least 100 s). TCP_USER_TIMEOUT overrides it.\n"
         "It interacts with tcp_rto_max_ms (6.15 and later).\n"
         "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else with "
         "EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_rto_min_us",
     .unit = Unit::microseconds,
     .range = {1, kIntMax},
     .effect = Effect::new_sockets,
     .effect_note = "It applies to sockets created later (it is copied in tcp_init_sock).",
     .default_text = "200000",
     .default_rule = always<200000>,
     .since = "6.11",
     .notes = "rto_min of a route and TCP_RTO_MIN_US override it.\n"
              "A value below 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp.c tcp_init_sock(); "
               "measured on 6.18.44"},
    {.key = "net.ipv4.tcp_rto_max_ms",
     .unit = Unit::milliseconds,
     .range = {1000, 120000},
     .effect = Effect::new_sockets,
     .effect_note = "It applies to sockets created later.",
     .default_text = "120000",
     .default_rule = always<120000>,
     .since = "6.15",
     .notes = "Lower it together with tcp_retries2.\n"
              "A value outside 1000 to 120000 fails with EINVAL (measured).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_timers
