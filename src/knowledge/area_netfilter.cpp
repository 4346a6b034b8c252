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
         "nf_conntrack_buckets on 5.15 and later (262144 above 4 GiB, 65536 above 1 GiB, else "
         "RAM/16 KiB/8, at least 1024); 4 times the buckets on 5.14 and earlier (262144 above 4 "
         "GiB, 65536 above 1 GiB). With the module parameter hashsize it is 8 times that.",
     .default_rule = conntrack_max,
     .since = "2.6",
     .changes = "5.15: default was 4 times the buckets, now 1 times the buckets\n"
                "6.19: minimum is 1 and the limit is always enforced; before, 0 meant unlimited",
     .caps = "each namespace's nf_conntrack_count",
     .notes = "net.nf_conntrack_max is an alias, in the initial network namespace only.\n"
              "Raise the buckets with it, because each connection uses 2 hash nodes. Each "
              "connection costs 256 B of slab (measured), and 128 B more with NAT, events or "
              "accounting (NF_CT_EXT_PREALLOC).\n"
              "The file exists only when the nf_conntrack module is loaded, so sysctl.d may be "
              "applied too early at boot.\n"
              "When the table is full, new packets are dropped, a local send() fails with EPERM "
              "(measured), the kernel logs \"nf_conntrack: table full, dropping packet\", and the "
              "drop column of /proc/net/stat/nf_conntrack counts it.\n"
              "Kernels 6.17 and later and recent LTS releases refuse a negative value with EINVAL; "
              "in older ones it is a plain int. Up to 6.18, 0 means unlimited (measured on 6.1 and "
              "6.12); since 6.19 the minimum is 1.",
     .source = "net/netfilter/nf_conntrack_core.c __nf_conntrack_alloc(), "
               "nf_conntrack_init_start(); Documentation/networking/nf_conntrack-sysctl.rst; "
               "measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.netfilter.nf_conntrack_buckets",
     .unit = Unit::count,
     .counted = "buckets",
     .range = {1, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect_note = "It applies at once, with a rehash.",
     .more = More::is_more_room,
     .default_text = "262144 above 4 GiB, 65536 above 1 GiB, else RAM/16384/8, at least 1024, in "
                     "whole pages (5.15 and later)",
     .default_rule = conntrack_buckets,
     .since = "2.6",
     .changes = "4.7: writable in the initial network namespace, was read-only (changed somewhere "
                "in 4.7 to 4.9)\n"
                "5.15: default above 4 GiB raised from 65536 to 262144",
     .notes = "Writing 0 fails with EINVAL, and an absurdly large value fails with ENOMEM. Other "
              "values are rounded up to whole pages (measured: 1 became 512, 1000 became 1024).",
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
     .notes = "The file is read-only (mode 0444).",
     .source = "measured on 6.18.44"},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
     .unit = Unit::seconds,
     .effect_note = "It applies to entries updated afterwards.",
     .default_text = "120",
     .default_rule = always<120>,
     .since = "2.6",
     .notes = "This is conntrack's own timer, independent of the 60 s of the TCP stack.\n"
              "The values 0 and -1 are accepted. A value that overflows jiffies fails with EINVAL.",
     .source = "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
    {.key = "net.netfilter.nf_conntrack_tcp_timeout_established",
     .unit = Unit::seconds,
     .effect_note = "It applies to entries updated afterwards.",
     .default_text = "432000 (5 days)",
     .default_rule = always<432000>,
     .since = "2.6",
     .notes = "Keep it above tcp_keepalive_time, or idle connections lose their NAT state.\n"
              "The values 0 and -1 are accepted. A value that overflows jiffies fails with EINVAL.",
     .source = "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
    {.key = "net.netfilter.nf_hooks_lwtunnel",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .effect_note = "It applies at once and cannot be undone without a reboot.",
     .write = Write::never,
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.15",
     .notes = "It is one switch for the whole machine, though it looks like one of the namespace; "
              "once it is on, it stays on until the next boot.\n"
              "A value outside the range fails with EINVAL. Writing 0 after 1 fails with EBUSY.",
     .source = "net/netfilter/nf_hooks_lwtunnel.c; "
               "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_netfilter
