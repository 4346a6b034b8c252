#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_netfilter {

namespace {

/// Stable releases from 6.1 on have the check of 6.17 too (measured); 5.10 takes any number.
constexpr Range entries(const HostTraits& host) {
  return is_before(host, {5, 15}) ? Range{} : at_least_one_since<6, 19>(host);
}

constexpr Fact kRows[] = {
    {.key = "net.netfilter.nf_conntrack_max",
     .unit = Unit::count,
     .counted = "entries",
     .range = {0, kIntMax},
     .range_rule = entries,
     .scope = Scope::machine,
     .child = Child::read_only,
     .more = More::is_more_room,
     .zero_is_unlimited_before = {6, 19},
     .default_text =
         "= nf_conntrack_buckets (262144 above 4 GiB, 65536 above 1 GiB, else RAM/16 KiB/8, min "
         "1024) on 5.15 and later; 4*buckets (262144 above 4 GiB, 65536 above 1 GiB) on 5.14 and "
         "earlier; with the module parameter hashsize it is 8 times that",
     .default_rule = conntrack_max,
     .since = "2.6",
     .changes = "5.15: 4*buckets -> 1*buckets\n"
                "6.19: 0 = unlimited -> min 1, always enforced",
     .caps = "each namespace's nf_conntrack_count",
     .notes =
         "alias net.nf_conntrack_max (init netns only)\n"
         "raise buckets with it: each connection uses 2 hash nodes; 256 B slab each (measured), "
         "and 128 B more with NAT, events or accounting (NF_CT_EXT_PREALLOC)\n"
         "file exists only when the nf_conntrack module is loaded, so boot-time sysctl.d may be "
         "applied too early\n"
         "full: new packets dropped, local send() gets EPERM (measured), log \"nf_conntrack: table "
         "full, dropping packet\", drop column of /proc/net/stat/nf_conntrack\n"
         "a write outside the range: 6.17 and later and recent LTS: EINVAL if negative; older "
         "plain int. 0 means UNLIMITED up to 6.18 (measured 6.1/6.12), minimum 1 since 6.19",
     .source = "net/netfilter/nf_conntrack_core.c __nf_conntrack_alloc(), "
               "nf_conntrack_init_start(); Documentation/networking/nf_conntrack-sysctl.rst; "
               "measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.netfilter.nf_conntrack_buckets",
     .unit = Unit::count,
     .counted = "buckets",
     .range = {1, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect_note = "live (rehash)",
     .more = More::is_more_room,
     .default_text =
         "262144 above 4 GiB, 65536 above 1 GiB, else RAM/16384/8, min 1024, in whole pages "
         "(5.15 and later)",
     .default_rule = conntrack_buckets,
     .since = "2.6",
     .changes = "4.7..4.9: read-only -> writable in init_net\n"
                "5.15: 65536 above 4 GiB -> 262144",
     .notes = "a write outside the range: 0 -> EINVAL; rounded up to a page worth (measured 1 -> "
              "512, 1000 -> 1024); absurd -> ENOMEM",
     .source = "net/netfilter/nf_conntrack_standalone.c; "
               "Documentation/networking/nf_conntrack-sysctl.rst; measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.netfilter.nf_conntrack_count",
     .unit = Unit::count,
     .counted = "entries",
     .child = Child::own_view,
     .write = Write::read_only,
     .default_text = "the entries of the namespace",
     .since = "2.6",
     .capped_by = "net.netfilter.nf_conntrack_max",
     .notes = "a write outside the range: 0444",
     .source = "measured on 6.18.44"},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
     .unit = Unit::seconds,
     .effect_note = "entries updated afterwards",
     .default_text = "120",
     .default_rule = always<120>,
     .since = "2.6",
     .notes = "conntrack's own timer; independent of the TCP stack's 60 s\n"
              "a write outside the range: 0 and -1 accepted; jiffies overflow EINVAL",
     .source = "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_established",
     .unit = Unit::seconds,
     .effect_note = "entries updated afterwards",
     .default_text = "432000 (5 days)",
     .default_rule = always<432000>,
     .since = "2.6",
     .notes = "keep it above tcp_keepalive_time or idle connections lose NAT state\n"
              "a write outside the range: as above",
     .source = "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
    {.key = "net.netfilter.nf_hooks_lwtunnel",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .effect_note = "immediately, cannot be undone without reboot",
     .write = Write::never,
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.15",
     .notes = "one switch for the whole machine, though it looks like one of the namespace; once "
              "on it stays on until the next boot\n"
              "a write outside the range: EINVAL; writing 0 after 1 -> EBUSY",
     .source = "net/netfilter/nf_hooks_lwtunnel.c; "
               "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_netfilter
