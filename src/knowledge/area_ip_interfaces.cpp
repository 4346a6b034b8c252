#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_ip_interfaces {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.ip_default_ttl",
     .unit = Unit::count,
     .counted = "hops",
     .range = {1, 255},
     .ipv6 = Ipv6::separate_key,
     .default_text = "64",
     .default_rule = always<64>,
     .since = "2.2",
     .notes = "net.ipv6.conf.*.hop_limit is its counterpart.",
     .source = "net/ipv4/sysctl_net_ipv4.c ip_ttl_min, ip_ttl_max; include/net/route.h "
               "ip4_dst_hoplimit(), asked for each packet; ip(7); measured on 6.18.44"},
    {.key = "net.ipv4.ping_group_range",
     .unit = Unit::count,
     .counted = "groups",
     .elements = {"first", "last"},
     .range = {0, 4294967294},
     .ipv6 = Ipv6::applies_too,
     .default_text = "1 0 (nobody)",
     .since = "3.0",
     .notes = "A first group above the last means nobody, and reads back as 1 0.",
     .source = "net/ipv4/sysctl_net_ipv4.c ipv4_ping_group_range(); measured on 6.18.44"},
    {.key = "net.ipv4.ip_forward",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .default_text = "0",
     .default_rule = always<0>,
     .since = "1.2",
     .notes = "It is the same variable as conf/all/forwarding. A change sets forwarding on every "
              "interface and default, and sets conf/all/accept_redirects to !value. Enabling it "
              "also disables LRO.\n"
              "The documentation says that it resets all configuration to RFC defaults; the code "
              "only sets forwarding and conf/all/accept_redirects, and disables LRO.\n"
              "The kernel accepts any int.",
     .source = "net/ipv4/devinet.c inet_forward_change(); Documentation/networking/ip-sysctl.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.conf.*.rp_filter",
     .unit = Unit::choice,
     .values = {{0, "none"}, {1, "strict"}, {2, "loose"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "0 (upstream systemd sets 2, some distributions set 1)",
     .since = "2.2..2.6",
     .notes = "The effective value is max(all, interface).\n"
              "IPReversePathFilter counts drops. Strict mode breaks asymmetric routing. There is "
              "no IPv6 counterpart.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.accept_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "1 on a host, 0 on a router",
     .since = "2.2..2.6",
     .notes = "With forwarding on, the effective value is all AND interface; with forwarding off, "
              "it is all OR interface.\n"
              "all=0 alone does not disable it on a host.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.send_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2..2.6",
     .notes = "The effective value is all OR interface.\n"
              "all=0 alone is not enough.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.secure_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2..2.6",
     .notes = "The effective value is all OR interface.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.arp_announce",
     .unit = Unit::choice,
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "The effective value is max(all, interface).\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.arp_ignore",
     .unit = Unit::choice,
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "The effective value is max(all, interface).\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.route_localnet",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.6",
     .notes = "The effective value is all OR interface.\n"
              "It lets 127/8 be routed and so exposes loopback services. kube-proxy sets it.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.accept_source_route",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "1 for default and each interface, 0 for all",
     .since = "2.2..2.6",
     .notes = "The effective value is all AND interface.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.log_martians",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "It applies at once. \"default\" only seeds interfaces created later.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "The effective value is all OR interface.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv6.conf.*.forwarding",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .outside_rule = taken_before<6, 12>,
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "0 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "With forwarding enabled, accept_ra=1 no longer accepts RAs; that takes 2.\n"
              "The kernel accepts any int. A larger number is refused, but 6.1 and earlier report "
              "one byte of it as written and keep the old value (measured on 5.10 and 6.1; 6.12 "
              "refuses it).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on Debian 5.10, 6.1, "
               "6.12 and 7.2"},
    {.key = "net.ipv6.conf.*.accept_ra",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "on, unless forwarding"}, {2, "on, forwarding or not"}},
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "1 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "With forwarding enabled, accept_ra=1 no longer accepts RAs; that takes 2.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv6.conf.*.accept_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "1 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "With forwarding enabled, accept_ra=1 no longer accepts RAs; that takes 2.\n"
              "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv6.conf.*.disable_ipv6",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .outside_rule = taken_before<6, 12>,
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "0 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "With forwarding enabled, accept_ra=1 no longer accepts RAs; that takes 2.\n"
              "The kernel accepts any int. A larger number is refused, but in 6.1 and earlier the "
              "write succeeds and keeps the old value (measured on 5.10 and 6.1; 6.12 refuses it).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on Debian 5.10, 6.1, "
               "6.12 and 7.2"},
    {.key = "net.ipv6.bindv6only",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .range_rule = unchecked_before<5, 13, 0, 255>,
     .ipv6 = Ipv6::ipv6_only,
     .effect = Effect::new_sockets,
     .effect_note = "It is read when a socket is created.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ip_interfaces
