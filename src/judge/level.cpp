#include "judge/level.hpp"

#include "judge/tcp_memory.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

Observed<Level> level_of(const Observed<std::int64_t>& used, const Observed<std::int64_t>& limit) {
  if (!limit) return tl::unexpected(limit.error());
  if (!used) return tl::unexpected(used.error());
  return Level{.used = *used, .limit = *limit};
}

/// A number of /proc/net/sockstat.
Observed<std::int64_t> sockets_of(const HostSnapshot& host,
                                  std::int64_t SocketStatistics::*number) {
  if (!host.sockets) return tl::unexpected(host.sockets.error());
  return *host.sockets.*number;
}

}  // namespace

const NeighbourFamily kNeighbourFamilies[2] = {
    {"IPv4 neighbours", "net.ipv4.neigh.default.gc_thresh3", "/proc/net/stat/arp_cache",
     &HostSnapshot::neighbours_v4},
    {"IPv6 neighbours", "net.ipv6.neigh.default.gc_thresh3", "/proc/net/stat/ndisc_cache",
     &HostSnapshot::neighbours_v6},
};

Observed<Level> conntrack_level(const HostSnapshot& host) {
  return level_of(host.number("net.netfilter.nf_conntrack_count"),
                  host.number("net.netfilter.nf_conntrack_max"));
}

Observed<Level> neighbour_level(const NeighbourFamily& family, const HostSnapshot& host) {
  const auto& table = host.*family.table;
  const auto entries = table.map([](const NeighbourTable& read) { return read.entries; });
  return level_of(entries, host.number(family.key));
}

Observed<Level> orphan_level(const HostSnapshot& host) {
  return level_of(sockets_of(host, &SocketStatistics::tcp_orphans),
                  host.number("net.ipv4.tcp_max_orphans"));
}

Observed<Level> time_wait_level(const HostSnapshot& host) {
  return level_of(sockets_of(host, &SocketStatistics::tcp_time_wait),
                  host.number("net.ipv4.tcp_max_tw_buckets"));
}

Observed<Level> tcp_memory_level(const HostSnapshot& host) {
  const auto limits = host.numbers("net.ipv4.tcp_mem");
  if (!limits) return tl::unexpected(limits.error());
  if (!host.sockets) return tl::unexpected(host.sockets.error());
  return Level{.used = tcp_memory_in_use(host).count(), .limit = limits->back()};
}

Observed<Level> file_level(const HostSnapshot& host) {
  if (!host.files) return tl::unexpected(host.files.error());
  return Level{.used = host.files->allocated, .limit = host.files->max};
}

}  // namespace tuner::judge
