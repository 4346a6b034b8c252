#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_ip_fragments {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.ipfrag_high_thresh",
     .unit = Unit::bytes,
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .ipv6 = Ipv6::separate_key,
     .more = More::is_more_room,
     .default_text = "4194304",
     .default_rule = always<4194304>,
     .since = "2.4 or earlier",
     .notes = "This is the memory of this namespace for fragments that wait for the others. What "
              "is in use is the FRAG memory in /proc/net/sockstat.\n"
              "Beyond it, the fragments of a new datagram are dropped.\n"
              "A value below ipfrag_low_thresh fails with EINVAL (measured on 6.18).",
     .source = "net/ipv4/ip_fragment.c ip4_frags_ns_ctl_table; net/ipv4/inet_fragment.c "
               "inet_frag_find(); "
               "Documentation/networking/ip-sysctl.rst ipfrag_*; measured on 6.18.44"},
    {.key = "net.ipv4.ipfrag_low_thresh",
     .unit = Unit::bytes,
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .ipv6 = Ipv6::separate_key,
     .more = More::is_more_room,
     .default_text = "3145728",
     .default_rule = always<3145728>,
     .since = "2.4 or earlier",
     .notes = "It is kept for compatibility. Since 4.17 nothing is thrown away down to it.\n"
              "A value above ipfrag_high_thresh fails with EINVAL (measured on 6.18).",
     .source = "net/ipv4/ip_fragment.c ip4_frags_ns_ctl_table; net/ipv4/inet_fragment.c "
               "inet_frag_find(); "
               "Documentation/networking/ip-sysctl.rst ipfrag_*; measured on 6.18.44"},
    {.key = "net.ipv4.ipfrag_time",
     .unit = Unit::seconds,
     .range = {kIntMin, kIntMax},
     .ipv6 = Ipv6::separate_key,
     .default_text = "30",
     .default_rule = always<30>,
     .since = "2.4 or earlier",
     .notes = "It is how long the fragments of a datagram wait for the others.\n"
              "A value outside the range fails with EINVAL. Negative values are accepted (measured "
              "on 6.18).",
     .source = "net/ipv4/ip_fragment.c ip4_frags_ns_ctl_table; net/ipv4/inet_fragment.c "
               "inet_frag_find(); "
               "Documentation/networking/ip-sysctl.rst ipfrag_*; measured on 6.18.44"},
    {.key = "net.ipv6.ip6frag_high_thresh",
     .unit = Unit::bytes,
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .ipv6 = Ipv6::ipv6_only,
     .more = More::is_more_room,
     .default_text = "4194304",
     .default_rule = always<4194304>,
     .since = "2.4 or earlier",
     .notes = "This is the memory of this namespace for fragments that wait for the others. What "
              "is in use is the FRAG6 memory in /proc/net/sockstat6.\n"
              "Beyond it, the fragments of a new datagram are dropped.\n"
              "A value below ip6frag_low_thresh fails with EINVAL (measured on 6.18).",
     .source =
         "net/ipv6/reassembly.c ip6_frags_ns_ctl_table; net/ipv4/inet_fragment.c inet_frag_find(); "
         "Documentation/networking/ip-sysctl.rst ip6frag_*; measured on 6.18.44"},
    {.key = "net.ipv6.ip6frag_low_thresh",
     .unit = Unit::bytes,
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .ipv6 = Ipv6::ipv6_only,
     .more = More::is_more_room,
     .default_text = "3145728",
     .default_rule = always<3145728>,
     .since = "2.4 or earlier",
     .notes = "It is kept for compatibility. Since 4.17 nothing is thrown away down to it.\n"
              "A value above ip6frag_high_thresh fails with EINVAL (measured on 6.18).",
     .source =
         "net/ipv6/reassembly.c ip6_frags_ns_ctl_table; net/ipv4/inet_fragment.c inet_frag_find(); "
         "Documentation/networking/ip-sysctl.rst ip6frag_*; measured on 6.18.44"},
    {.key = "net.ipv6.ip6frag_time",
     .unit = Unit::seconds,
     .range = {kIntMin, kIntMax},
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "60",
     .default_rule = always<60>,
     .since = "2.4 or earlier",
     .notes = "It is how long the fragments of a datagram wait for the others.\n"
              "A value outside the range fails with EINVAL. Negative values are accepted (measured "
              "on 6.18).",
     .source =
         "net/ipv6/reassembly.c ip6_frags_ns_ctl_table; net/ipv4/inet_fragment.c inet_frag_find(); "
         "Documentation/networking/ip-sysctl.rst ip6frag_*; measured on 6.18.44"},
    {.key = "net.ipv4.ipfrag_max_dist",
     .unit = Unit::count,
     .counted = "datagrams",
     .range = {0, kIntMax},
     .ipv6 = Ipv6::ipv4_only,
     .default_text = "64",
     .default_rule = always<64>,
     .since = "2.6 or earlier",
     .notes = "It is how many datagrams of the same sender may come between two fragments of one "
              "datagram. 0 allows any number.\n"
              "A negative value fails with EINVAL (measured on 6.18).",
     .source = "net/ipv4/ip_fragment.c ip4_frags_ns_ctl_table; net/ipv4/inet_fragment.c "
               "inet_frag_find(); "
               "Documentation/networking/ip-sysctl.rst ipfrag_*; measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ip_fragments
