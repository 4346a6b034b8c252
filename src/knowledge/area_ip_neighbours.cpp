#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_ip_neighbours {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.neigh.default.gc_thresh1",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::separate_key,
     .default_text = "128",
     .default_rule = always<128>,
     .since = "2.2",
     .notes = "Nothing is collected below it. kops sets 0, for addresses that are used again.\n"
              "On overflow the kernel logs \"neighbour: arp_cache: neighbor table overflow!\", "
              "table_fulls in /proc/net/stat/arp_cache counts it (about 4.4 and later), and "
              "connect() fails with ENOBUFS.\n"
              "All containers on the host share the table.\n"
              "A negative value fails with EINVAL (measured on 6.12). The order of the thresholds "
              "is not checked.",
     .source = "net/core/neighbour.c neigh_alloc(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.neigh.default.gc_thresh2",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::separate_key,
     .more = More::is_more_room,
     .default_text = "512",
     .default_rule = always<512>,
     .since = "2.2",
     .notes = "It is the soft maximum: beyond it, entries older than 5 s are purged.\n"
              "On overflow the kernel logs \"neighbour: arp_cache: neighbor table overflow!\", "
              "table_fulls in /proc/net/stat/arp_cache counts it (about 4.4 and later), and "
              "connect() fails with ENOBUFS.\n"
              "All containers on the host share the table.\n"
              "A negative value fails with EINVAL (measured on 6.12). The order of the thresholds "
              "is not checked.",
     .source = "net/core/neighbour.c neigh_alloc(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.neigh.default.gc_thresh3",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::separate_key,
     .more = More::is_more_room,
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "2.2",
     .notes = "It is the hard maximum of non-permanent entries.\n"
              "On overflow the kernel logs \"neighbour: arp_cache: neighbor table overflow!\", "
              "table_fulls in /proc/net/stat/arp_cache counts it (about 4.4 and later), and "
              "connect() fails with ENOBUFS.\n"
              "All containers on the host share the table.\n"
              "A negative value fails with EINVAL (measured on 6.12). The order of the thresholds "
              "is not checked.",
     .source = "net/core/neighbour.c neigh_alloc(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv6.neigh.default.gc_thresh1",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::ipv6_only,
     .default_text = "128",
     .default_rule = always<128>,
     .since = "2.2",
     .notes = "A negative value fails with EINVAL.",
     .source = "net/ipv6/ndisc.c"},
    {.key = "net.ipv6.neigh.default.gc_thresh2",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::ipv6_only,
     .more = More::is_more_room,
     .default_text = "512",
     .default_rule = always<512>,
     .since = "2.2",
     .notes = "A negative value fails with EINVAL.",
     .source = "net/ipv6/ndisc.c"},
    {.key = "net.ipv6.neigh.default.gc_thresh3",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::absent,
     .ipv6 = Ipv6::ipv6_only,
     .more = More::is_more_room,
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "2.2",
     .notes = "A negative value fails with EINVAL.",
     .source = "net/ipv6/ndisc.c"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ip_neighbours
