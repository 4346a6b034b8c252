#include "judge/difference.hpp"

#include <algorithm>

#include "tuner/report.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr const char* kBackwards = "a counter went backwards between the two readings";

/// Gauges of /proc/net/snmp: levels, not counts.
bool is_gauge(const Counters::Entry& entry) {
  if (entry.group == "Tcp:") {
    return entry.name == "CurrEstab" || entry.name == "MaxConn" || entry.name.starts_with("Rto");
  }
  return entry.group == "Ip:" && (entry.name == "Forwarding" || entry.name == "DefaultTTL");
}

Observed<Counters> subtract(const Observed<Counters>& before, const Observed<Counters>& after) {
  if (!before || !after) return after ? before : after;
  Counters result = *after;
  for (Counters::Entry& entry : result.entries) {
    if (is_gauge(entry)) continue;
    const std::string group(entry.group.substr(0, entry.group.size() - 1));
    const auto earlier = before->find(group + "." + std::string(entry.name));
    if (entry.number < earlier.value_or(0)) return malformed(kBackwards);
    entry.number -= earlier.value_or(0);
  }
  return result;
}

Observed<SoftnetStatistics> subtract(const Observed<SoftnetStatistics>& before,
                                     const Observed<SoftnetStatistics>& after) {
  if (!before || !after) return after ? before : after;
  SoftnetStatistics result = *after;
  result.processed = Packets(after->processed.count() - before->processed.count());
  result.dropped = Packets(after->dropped.count() - before->dropped.count());
  result.time_squeeze -= before->time_squeeze;
  if (result.processed < Packets(0) || result.dropped < Packets(0) || result.time_squeeze < 0) {
    return malformed(kBackwards);
  }
  return result;
}

Observed<ConntrackStatistics> subtract(const Observed<ConntrackStatistics>& before,
                                       const Observed<ConntrackStatistics>& after) {
  if (!before || !after) return after ? before : after;
  ConntrackStatistics result = *after;
  result.found -= before->found;
  result.drop -= before->drop;
  result.early_drop -= before->early_drop;
  result.insert_failed -= before->insert_failed;
  return result;
}

/// What each of `after` counted more than its namesake in `before`; nothing where that is unread.
template <class Item>
void subtract_each(const Observed<std::vector<Item>>& before, Observed<std::vector<Item>>& after,
                   auto same, std::initializer_list<std::int64_t Item::*> counts) {
  if (!before || !after) return;
  for (Item& item : *after) {
    const auto found = std::find_if(before->begin(), before->end(),
                                    [&](const Item& other) { return same(item, other); });
    if (found == before->end()) continue;
    for (const auto count : counts) {
      item.*count -= std::min(item.*count, (*found).*count);
    }
  }
}

void subtract_table(const Observed<NeighbourTable>& before, Observed<NeighbourTable>& after) {
  if (before && after) after->table_fulls -= std::min(after->table_fulls, before->table_fulls);
}

void subtract_items(const HostSnapshot& before, HostSnapshot& result) {
  const auto same_socket = [](const UdpDrops& left, const UdpDrops& right) {
    return left.inode == right.inode && left.local.port == right.local.port;
  };
  subtract_each<UdpDrops>(before.udp_drops, result.udp_drops, same_socket, {&UdpDrops::drops});
  if (result.udp_drops) {
    std::erase_if(*result.udp_drops, [](const UdpDrops& socket) { return socket.drops == 0; });
  }
  const auto same_name = [](const InterfaceDrops& left, const InterfaceDrops& right) {
    return left.name == right.name;
  };
  subtract_each<InterfaceDrops>(
      before.interfaces, result.interfaces, same_name,
      {&InterfaceDrops::qdisc, &InterfaceDrops::received, &InterfaceDrops::missed,
       &InterfaceDrops::sent, &InterfaceDrops::packets_received, &InterfaceDrops::packets_sent});
  subtract_table(before.neighbours_v4, result.neighbours_v4);
  subtract_table(before.neighbours_v6, result.neighbours_v6);
}

}  // namespace

HostSnapshot difference(const HostSnapshot& before, const HostSnapshot& after,
                        std::chrono::milliseconds interval) {
  HostSnapshot result = after;
  result.sampled_for = interval;
  result.netstat = subtract(before.netstat, after.netstat);
  result.snmp = subtract(before.snmp, after.snmp);
  result.snmp6 = subtract(before.snmp6, after.snmp6);
  result.softnet = subtract(before.softnet, after.softnet);
  result.conntrack = subtract(before.conntrack, after.conntrack);
  subtract_items(before, result);
  return result;
}

}  // namespace tuner
