#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_core_devices {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.core.netdev_max_backlog",
     .unit = Unit::packets,
     .scope = Scope::machine,
     .child = Child::absent,
     .more = More::is_more_room,
     .negative = Negative::is_unlimited,
     .default_text = "1000",
     .default_rule = always<1000>,
     .since = "2.6 or earlier",
     .notes =
         "length of each CPU's input_pkt_queue used by netif_rx()/RPS/loopback/veth/tunnels; NIC "
         "drivers with NAPI (and no RPS) bypass it\n"
         "one queue for each processor, not for each device, as TOAST 2015 4.2 has it\n"
         "has nothing to do with listen() backlog\n"
         "drops are counted in /proc/net/softnet_stat column 2 together with flow-limit drops\n"
         "NIC ring overruns are a different place: ethtool -S rx_missed/rx_no_buffer, not this\n"
         "a write outside the range: plain int: any int accepted incl. negative; qlen is unsigned "
         "so a negative value behaves as unlimited (source; write/readback measured on 6.12)",
     .source = "net/core/dev.c enqueue_to_backlog(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.netdev_budget",
     .unit = Unit::packets,
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "live (next NET_RX softirq)",
     .more = More::is_more_room,
     .default_text = "300",
     .default_rule = always<300>,
     .since = "2.6.x",
     .notes = "time_squeeze (softnet_stat col 3) counts softirq runs cut short by EITHER "
              "netdev_budget or netdev_budget_usecs\n"
              "a write outside the range: plain int, any int accepted (0 and earlier is accepted "
              "and squeezes after one poll)",
     .source = "net/core/dev.c net_rx_action(); Documentation/admin-guide/sysctl/net.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.netdev_budget_usecs",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .more = More::is_more_room,
     .default_text = "2 jiffies: 8000 at HZ=250, 2000 at HZ=1000, 20000 at HZ=100; "
                     "2*USEC_PER_SEC/HZ since 5.7 (fixed 2000 in 4.12..5.6)",
     .default_rule = budget_usecs,
     .since = "4.12",
     .changes = "5.7: 2000 -> 2*USEC_PER_SEC/HZ\n"
                "6.14 (+stable backports): min 0 -> min 2*USEC_PER_SEC/HZ (popular advice "
                "4000/5000/6000 is rejected at HZ=250)",
     .notes =
         "see netdev_budget\n"
         "a write outside the range: EINVAL below 2 jiffies on kernels with commit c180188ec022 "
         "(measured 6.12: 4608 -> EINVAL at HZ=250); older: any value 0 and later",
     .source = "net/core/dev.c net_rx_action(); commit c180188ec022 (mail archive; 6.13/6.6 stable "
               "queue); Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian "
               "6.1.192 and 6.12.117"},
    {.key = "net.core.default_qdisc",
     .unit = Unit::name,
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::not_ip,
     .effect = Effect::new_interfaces,
     .effect_note = "only qdiscs attached afterwards (new device / first up / mq re-graft); "
                    "existing interfaces keep theirs until tc qdisc replace",
     .default_text =
         "kernel CONFIG_DEFAULT_NET_SCH (pfifo_fast upstream); fq_codel on systemd distributions; "
         "upstream systemd sysctl.d/50-default.conf sets fq_codel (systemd 217 and later); Debian "
         "12 omits that file but builds its kernel with CONFIG_DEFAULT_NET_SCH=\"fq_codel\"",
     .since = "3.12",
     .notes = "BBR needs pacing; since 4.13 TCP paces internally without fq, so fq is recommended, "
              "not required\n"
              "a write outside the range: unknown name -> ENOENT (autoload tried)",
     .source = "net/sched/sch_api.c qdisc_set_default(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); systemd NEWS 217; sysctl.d/50-default.conf; measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.busy_poll",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "live, for poll/select on sockets with SO_BUSY_POLL",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.11",
     .notes = "burns CPU; only sockets with sk_ll_usec set take part\n"
              "a write outside the range: EINVAL if negative (4.11 and later; 4.10 and earlier "
              "unchecked)",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.busy_read",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect = Effect::new_sockets,
     .effect_note = "copied into sk_ll_usec at socket creation: new sockets only",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.11",
     .notes = "a write outside the range: EINVAL if negative (4.11 and later)",
     .source = "net/core/sock.c sock_init_data_uid(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.rps_sock_flow_entries",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, 536870912},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "live (table reallocated)",
     .default_text = "0 (RFS off)",
     .default_rule = always<0>,
     .since = "2.6.35",
     .notes = "needs rps_cpus and rps_flow_cnt per rx queue to do anything\n"
              "a write outside the range: EINVAL above 2^29 or negative; other values are ROUNDED "
              "UP to a power of two (measured 1000 -> 1024)",
     .source = "net/core/sysctl_net_core.c rps_sock_flow_sysctl(); "
               "Documentation/networking/scaling.rst; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.dev_weight",
     .unit = Unit::packets,
     .range = {1, kIntMax},
     .range_rule = unchecked_before<6, 13, 1, kIntMax>,
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::not_ip,
     .effect_note =
         "live for the per-CPU backlog NAPI; NIC drivers keep the weight given at registration",
     .default_text = "64",
     .default_rule = always<64>,
     .since = "2.6 or earlier",
     .changes = "stable 6.1.192 / 6.12.117 and 6.13 and later: no minimum -> minimum 1",
     .notes = "a write outside the range: 6.12-ish and later, and Debian's 6.1: EINVAL below 1; "
              "5.10 takes 0 (measured)",
     .source = "net/core/sysctl_net_core.c proc_do_dev_weight(); "
               "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.gro_normal_batch",
     .unit = Unit::count,
     .counted = "segments",
     .range = {1, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .default_text = "8",
     .default_rule = always<8>,
     .since = "5.4",
     .notes = "a write outside the range: EINVAL below 1",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.skb_defer_max",
     .unit = Unit::count,
     .counted = "buffers",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .default_text = "64 (6.18 and earlier); 128 (6.19 and later)",
     .default_rule = since<6, 19, 64, 128>,
     .since = "5.19",
     .changes = "6.19: 64 -> 128",
     .notes = "a write outside the range: EINVAL if negative",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.devconf_inherit_init_net",
     .unit = Unit::choice,
     .values = {{0, "IPv4 from the initial namespace, IPv6 compiled in"},
                {1, "both from the initial namespace"},
                {2, "both compiled in"},
                {3, "both from the creating namespace"}},
     .range = {0, 3},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect = Effect::new_namespaces,
     .effect_note = "at netns creation",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.1",
     .notes = "0: IPv4 conf/{all,default} copied from init_net, IPv6 compiled defaults; 1: both "
              "from init_net; 2: both compiled; 3: both from the creating netns (5.8 and later)\n"
              "a write outside the range: EINVAL outside 0..3",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); net/ipv4/devinet.c "
               "devinet_init_net(); measured on Debian 6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_core_devices
