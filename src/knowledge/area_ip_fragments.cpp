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
     .notes = "memory for fragments that wait for the others, of this namespace; what is in use is "
              "/proc/net/sockstat FRAG memory\n"
              "above it a new datagram's fragments are dropped\n"
              "a write below ipfrag_low_thresh: EINVAL (measured 6.18)",
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
     .notes = "kept for compatibility; since 4.17 nothing is thrown away down to it\n"
              "a write above ipfrag_high_thresh: EINVAL (measured 6.18)",
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
     .notes = "how long the fragments of a datagram wait for the others\n"
              "a write outside the range: EINVAL; numbers below zero are taken (measured 6.18)",
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
     .notes = "memory for fragments that wait for the others, of this namespace; what is in use is "
              "/proc/net/sockstat6 FRAG6 memory\n"
              "above it a new datagram's fragments are dropped\n"
              "a write below ip6frag_low_thresh: EINVAL (measured 6.18)",
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
     .notes = "kept for compatibility; since 4.17 nothing is thrown away down to it\n"
              "a write above ip6frag_high_thresh: EINVAL (measured 6.18)",
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
     .notes = "how long the fragments of a datagram wait for the others\n"
              "a write outside the range: EINVAL; numbers below zero are taken (measured 6.18)",
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
     .notes =
         "datagrams of the same sender that may come between two fragments of one; 0: any number\n"
         "a write below zero: EINVAL (measured 6.18)",
     .source = "net/ipv4/ip_fragment.c ip4_frags_ns_ctl_table; net/ipv4/inet_fragment.c "
               "inet_frag_find(); "
               "Documentation/networking/ip-sysctl.rst ipfrag_*; measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ip_fragments
