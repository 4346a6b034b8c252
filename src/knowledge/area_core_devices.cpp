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
     .notes = "It is the length of each CPU's input_pkt_queue, which netif_rx(), RPS, loopback, "
              "veth and tunnels use. NIC drivers with NAPI (and no RPS) bypass it.\n"
              "There is one queue for each processor, not one for each device, contrary to TOAST "
              "2015 4.2.\n"
              "It has nothing to do with the listen() backlog.\n"
              "Drops are counted in column 2 of /proc/net/softnet_stat, together with flow-limit "
              "drops.\n"
              "NIC ring overruns happen elsewhere: look at rx_missed and rx_no_buffer in ethtool "
              "-S, not here.\n"
              "The kernel accepts any int, even a negative one. The queue length is unsigned, so a "
              "negative value behaves as unlimited (from the source; writing and reading back "
              "measured on 6.12).",
     .source = "net/core/dev.c enqueue_to_backlog(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.netdev_budget",
     .unit = Unit::packets,
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "It applies from the next NET_RX softirq on.",
     .more = More::is_more_room,
     .default_text = "300",
     .default_rule = always<300>,
     .since = "2.6.x",
     .notes = "time_squeeze (column 3 of softnet_stat) counts softirq runs cut short by either "
              "netdev_budget or netdev_budget_usecs.\n"
              "The kernel accepts any int. 0 or less is accepted and squeezes after one poll.",
     .source = "net/core/dev.c net_rx_action(); Documentation/admin-guide/sysctl/net.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.netdev_budget_usecs",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .more = More::is_more_room,
     .default_text = "2 jiffies: 8000 at HZ=250, 2000 at HZ=1000, 20000 at HZ=100 "
                     "(2*USEC_PER_SEC/HZ since 5.7; a fixed 2000 in 4.12 to 5.6)",
     .default_rule = budget_usecs,
     .since = "4.12",
     .changes = "5.7: default was 2000, now 2*USEC_PER_SEC/HZ\n"
                "6.14: minimum raised from 0 to 2*USEC_PER_SEC/HZ, in stable backports too (the "
                "popular 4000, 5000 and 6000 are refused at HZ=250)",
     .notes = "See netdev_budget.\n"
              "On kernels with commit c180188ec022 a value below 2 jiffies fails with EINVAL "
              "(measured on 6.12: 4608 at HZ=250). Older kernels accept 0 and more.",
     .source = "net/core/dev.c net_rx_action(); commit c180188ec022 (mail archive; 6.13/6.6 stable "
               "queue); Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian "
               "6.1.192 and 6.12.117"},
    {.key = "net.core.default_qdisc",
     .unit = Unit::name,
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::not_ip,
     .effect = Effect::new_interfaces,
     .effect_note = "Only qdiscs attached afterwards use it (a new device, its first up, an mq "
                    "re-graft). Existing interfaces keep theirs until tc qdisc replace.",
     .default_text = "CONFIG_DEFAULT_NET_SCH of the kernel, which is pfifo_fast upstream. "
                     "Distributions with systemd have fq_codel: upstream systemd sets it in "
                     "sysctl.d/50-default.conf (systemd 217 and later). Debian 12 omits that file "
                     "but builds its kernel with CONFIG_DEFAULT_NET_SCH=\"fq_codel\".",
     .since = "3.12",
     .notes =
         "BBR needs pacing. Since 4.13 TCP paces internally without fq, so fq is recommended but "
         "not required.\n"
         "An unknown name fails with ENOENT, after the kernel has tried to load a module for it.",
     .source = "net/sched/sch_api.c qdisc_set_default(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); systemd NEWS 217; sysctl.d/50-default.conf; measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.busy_poll",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "It applies at once to poll() and select() on sockets with SO_BUSY_POLL.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.11",
     .notes = "It burns CPU. Only sockets with sk_ll_usec set take part.\n"
              "A negative value fails with EINVAL since 4.11; 4.10 and earlier do not check.",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.core.busy_read",
     .unit = Unit::microseconds,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect = Effect::new_sockets,
     .effect_note = "It is copied into sk_ll_usec when a socket is created, so it applies to new "
                    "sockets only.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.11",
     .notes = "A negative value fails with EINVAL since 4.11.",
     .source = "net/core/sock.c sock_init_data_uid(); Documentation/admin-guide/sysctl/net.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.rps_sock_flow_entries",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, 536870912},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "It applies at once; the table is reallocated.",
     .default_text = "0 (RFS off)",
     .default_rule = always<0>,
     .since = "2.6.35",
     .notes = "It needs rps_cpus and rps_flow_cnt on each rx queue to do anything.\n"
              "A value that is negative or above 2^29 fails with EINVAL. Other values are rounded "
              "up to a power of two (measured: 1000 became 1024).",
     .source = "net/core/sysctl_net_core.c rps_sock_flow_sysctl(); "
               "Documentation/networking/scaling.rst; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.dev_weight",
     .unit = Unit::packets,
     .range = {1, kIntMax},
     .range_rule = unchecked_before<6, 13, 1, kIntMax>,
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::not_ip,
     .effect_note = "It applies at once to the per-CPU backlog NAPI. NIC drivers keep the weight "
                    "given at registration.",
     .default_text = "64",
     .default_rule = always<64>,
     .since = "2.6 or earlier",
     .changes =
         "6.13: minimum is 1, in stable 6.1.192 and 6.12.117 too; before, there was no minimum",
     .notes = "From about 6.12 on, and in Debian's 6.1, a value below 1 fails with EINVAL. Kernel "
              "5.10 accepts 0 (measured).",
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
     .notes = "A value below 1 fails with EINVAL.",
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
     .changes = "6.19: default raised from 64 to 128",
     .notes = "A negative value fails with EINVAL.",
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
     .effect_note = "It is read when a network namespace is created.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.1",
     .notes = "With 0, conf/all and conf/default of IPv4 are copied from the initial network "
              "namespace and IPv6 gets its compiled defaults. With 1, both are copied from the "
              "initial network namespace. With 2, both get their compiled defaults. With 3 (5.8 "
              "and later), both are copied from the network namespace that creates the new one.\n"
              "A value outside 0 to 3 fails with EINVAL.",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); net/ipv4/devinet.c "
               "devinet_init_net(); measured on Debian 6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_core_devices
