#include "tuner/report.hpp"

namespace tuner {

namespace {

constexpr const char* kBackwards = "a counter went backwards between the two readings";

/// Gauges of /proc/net/snmp: levels, not counts.
bool is_gauge(std::string_view name) {
  return name == "Tcp.CurrEstab" || name == "Tcp.MaxConn" || name.starts_with("Tcp.Rto") ||
         name == "Ip.Forwarding" || name == "Ip.DefaultTTL";
}

Observed<Counters> subtract(const Observed<Counters>& before, const Observed<Counters>& after) {
  if (!before || !after) return after ? before : after;
  Counters result;
  for (const auto& [name, value] : *after) {
    const auto earlier = before->find(name);
    const bool counted = earlier != before->end() && !is_gauge(name);
    if (counted && value < earlier->second) return malformed(kBackwards);
    result.emplace(name, counted ? value - earlier->second : value);
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

}  // namespace

HostSnapshot difference(const HostSnapshot& before, const HostSnapshot& after,
                        std::chrono::milliseconds interval) {
  HostSnapshot result = after;
  result.sampled_for = interval;
  result.netstat = subtract(before.netstat, after.netstat);
  result.snmp = subtract(before.snmp, after.snmp);
  result.softnet = subtract(before.softnet, after.softnet);
  result.conntrack = subtract(before.conntrack, after.conntrack);
  return result;
}

}  // namespace tuner
