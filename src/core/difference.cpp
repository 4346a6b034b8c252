#include "tuner/report.hpp"

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
