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
     .notes = "net.ipv6.conf.*.hop_limit is its counterpart",
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
     .notes = "a first group above the last is nobody, and reads back as 1 0",
     .source = "net/ipv4/sysctl_net_ipv4.c ipv4_ping_group_range(); measured on 6.18.44"},
    {.key = "net.ipv4.ip_forward",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .default_text = "0",
     .default_rule = always<0>,
     .since = "1.2",
     .notes =
         "same variable as conf/all/forwarding; a CHANGE sets forwarding on every interface and "
         "default, and sets conf/all/accept_redirects = !value; enabling also disables LRO\n"
         "the documentation says it resets all config to RFC defaults; the code only does the "
         "above\n"
         "any int is taken",
     .source = "net/ipv4/devinet.c inet_forward_change(); Documentation/networking/ip-sysctl.rst "
               "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.conf.*.rp_filter",
     .unit = Unit::choice,
     .values = {{0, "none"}, {1, "strict"}, {2, "loose"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "0 (systemd upstream sets 2; some distributions 1)",
     .since = "2.2..2.6",
     .notes = "effective value = max(all, interface)\n"
              "IPReversePathFilter counts drops; strict mode breaks asymmetric routing; no IPv6 "
              "counterpart\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.accept_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "1 host / 0 router",
     .since = "2.2..2.6",
     .notes = "effective value = forwarding on: all AND interface; off: all OR interface\n"
              "all=0 alone does not disable it on a host\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.send_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2..2.6",
     .notes = "effective value = all OR interface\n"
              "all=0 alone is not enough\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.secure_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2..2.6",
     .notes = "effective value = all OR interface\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.arp_announce",
     .unit = Unit::choice,
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "effective value = max(all, interface)\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.arp_ignore",
     .unit = Unit::choice,
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "effective value = max(all, interface)\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.route_localnet",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "3.6",
     .notes = "effective value = all OR interface\n"
              "lets 127/8 be routed: exposes loopback services, kube-proxy sets it\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.accept_source_route",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::separate_key,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "default/dev 1, all 0",
     .since = "2.2..2.6",
     .notes = "effective value = all AND interface\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv4.conf.*.log_martians",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .child = Child::copied_from_init,
     .ipv6 = Ipv6::ipv4_only,
     .effect_note = "live; \"default\" only seeds interfaces created later",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2..2.6",
     .notes = "effective value = all OR interface\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/linux/inetdevice.h "
               "IN_DEV_*; measured on 6.18.44"},
    {.key = "net.ipv6.conf.*.forwarding",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .outside_rule = taken_before<6, 12>,
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "0 compiled in; an interface may differ",
     .since = "2.2",
     .notes =
         "enabling forwarding makes accept_ra=1 stop accepting RAs (2 needed)\n"
         "any int is taken; a larger number is refused, but 6.1 and earlier say that one byte of "
         "it was written, and keep what was there (measured on 5.10 and 6.1; 6.12 refuses)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on Debian 5.10, 6.1, "
               "6.12 and 7.2"},
    {.key = "net.ipv6.conf.*.accept_ra",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "on, unless forwarding"}, {2, "on, forwarding or not"}},
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "1 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "enabling forwarding makes accept_ra=1 stop accepting RAs (2 needed)\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv6.conf.*.accept_redirects",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "1 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "enabling forwarding makes accept_ra=1 stop accepting RAs (2 needed)\n"
              "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv6.conf.*.disable_ipv6",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .outside_rule = taken_before<6, 12>,
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "0 compiled in; an interface may differ",
     .since = "2.2",
     .notes = "enabling forwarding makes accept_ra=1 stop accepting RAs (2 needed)\n"
              "any int is taken; a larger number is refused, but 6.1 and earlier say yes and keep "
              "what was there (measured on 5.10 and 6.1; 6.12 refuses)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on Debian 5.10, 6.1, "
               "6.12 and 7.2"},
    {.key = "net.ipv6.bindv6only",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .range_rule = unchecked_before<5, 13, 0, 255>,
     .ipv6 = Ipv6::ipv6_only,
     .effect = Effect::new_sockets,
     .effect_note = "at socket creation",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ip_interfaces
