#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/thresholds.hpp"
#include "sockets/room.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::ephemeral_ports_near_exhaustion {

namespace {

constexpr std::int64_t kFirstPort = 1024;
constexpr std::int64_t kLastPort = 65535;

bool is_near(std::int64_t taken, const PortRoom& room) {
  return taken > 0 &&
         static_cast<double>(taken) >= static_cast<double>(room.ports) * judge::threshold::kNear;
}

std::string_view name_of(PeerTimestamps timestamps) {
  constexpr std::string_view kNames[] = {"unknown", "on", "off"};
  return kNames[static_cast<std::size_t>(timestamps)];
}

/// Why tcp_tw_reuse does not help, or may not.
std::string about_reuse(const PeerGroup& peer, const PortRoom& room) {
  if (peer.time_wait == 0) return {};
  if (room.reuse == PortRoom::Reuse::loopback && !PortRoom::is_local(peer)) {
    return " tcp_tw_reuse is 2: it reuses ports in TIME_WAIT only on loopback.";
  }
  if (room.reuse == PortRoom::Reuse::off) return {};
  switch (peer.timestamps) {
    case PeerTimestamps::off:
      return " tcp_tw_reuse cannot reuse those in TIME_WAIT: live connections show that this peer "
             "does not use TCP timestamps.";
    case PeerTimestamps::unknown:
      return " tcp_tw_reuse can reuse those in TIME_WAIT only if the peer uses TCP timestamps, and "
             "no live connection shows whether it does.";
    case PeerTimestamps::on:
      break;
  }
  return {};
}

/// `stamps`: this host has TCP timestamps, without which tcp_tw_reuse does nothing.
Fix fix_for(const PeerGroup& peer, const PortRoom& room, bool stamps) {
  const std::string keep = "keep connections to this peer open and reuse them";
  const bool widest = room.range.first <= kFirstPort && room.range.last >= kLastPort;
  if (widest) {
    return {.kind = Fix::Kind::application,
            .text = "net.ipv4.ip_local_port_range is as wide as it gets: " + keep +
                    ", or give the peer more addresses or ports."};
  }
  Fix fix = judge::set(kPortRange,
                       fmt::format("{} {}", std::min(room.range.first, kFirstPort), kLastPort),
                       "with the services' ports in net.ipv4.ip_local_reserved_ports");
  fix.text = "Better still: " + keep + ".";
  const bool reusable = peer.time_wait > peer.in_use && room.reuse != PortRoom::Reuse::everywhere &&
                        peer.timestamps != PeerTimestamps::off;
  if (!reusable) return fix;
  fix.settings.push_back({"net.ipv4.tcp_tw_reuse", "1"});
  if (!stamps) fix.settings.push_back({"net.ipv4.tcp_timestamps", "1"});
  return fix;
}

Finding about(const PeerGroup& peer, const PortRoom& room, Severity severity,
              const HostSnapshot& host) {
  const std::int64_t free = room.available(peer);
  Finding finding = judge::failed(
      severity, judge::path_of(peer),
      fmt::format(
          "{} of {} local ports to this peer are in use: {} connections are in use, {} in "
          "TIME_WAIT.{}{}",
          text::grouped(PortRoom::held(peer)), text::grouped(room.ports),
          text::grouped(peer.in_use), text::grouped(peer.time_wait),
          free == 0 && severity == Severity::error ? " connect() fails with EADDRNOTAVAIL." : "",
          about_reuse(peer, room)));
  finding.evidence = {
      judge::socket_evidence("in-use", peer.in_use, "open sockets to this peer"),
      judge::socket_evidence("time-wait", peer.time_wait,
                             "closed by this host; each holds its port for 60 s"),
      judge::socket_evidence("available", free,
                             "free ports in the range, reserved and bound ones excluded"),
      {.source = "sock_diag",
       .name = "peer-timestamps",
       .value = std::string(name_of(peer.timestamps)),
       .meaning = "whether live connections to this peer use TCP timestamps"}};
  finding.fix = fix_for(peer, room, host.number("net.ipv4.tcp_timestamps").value_or(1) != 0);
  return finding;
}

/// What tcp_tw_reuse may take counts as free; where nobody knows whether it may, that is told.
std::optional<Severity> weigh(const PeerGroup& peer, const PortRoom& room) {
  const std::int64_t taken = room.taken(peer);
  if (is_near(taken, room)) return taken >= room.ports ? Severity::error : Severity::warning;
  const bool certain = peer.timestamps == PeerTimestamps::on || PortRoom::is_local(peer);
  return is_near(peer.inside, room) && !certain ? std::optional(Severity::info) : std::nullopt;
}

/// All are reserved, or bound.
Finding none_at_all(const PortRoom& room, const HostSnapshot& host) {
  Finding finding =
      judge::key_failed(Severity::error, kPortRange, host,
                        fmt::format("None of its {} ports can be used: all are reserved or bound. "
                                    "connect() fails with EADDRNOTAVAIL.",
                                    room.range.last - room.range.first + 1));
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = "Widen it, or remove ports from net.ipv4.ip_local_reserved_ports."};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.tcp) return {judge::not_seen("TCP", host.tcp.error(), host)};
  const auto room = port_room(host, &*host.tcp);
  if (!room) return {judge::unknown("TCP", room.error())};
  if (room->ports == 0) return {none_at_all(*room, host)};
  std::vector<Finding> findings;
  for (const PeerGroup& peer : host.tcp->peers) {
    if (peer.bound > 0) continue;  // see ports-bound-before-connect
    if (const auto severity = weigh(peer, *room)) {
      findings.push_back(about(peer, *room, *severity, host));
    }
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("TCP", "No peer uses most of the local ports."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "ephemeral-ports-near-exhaustion",
    .what =
        "Nearly all local ports for one destination address and port are in use or in TIME_WAIT.",
    .why =
        "A connection is identified by both addresses and ports, so each connection to one address "
        "and port needs its own local port. connect() fails with \"Cannot assign requested "
        "address\" once none is left, although every other peer can still be reached.",
    .fix =
        "Widen net.ipv4.ip_local_port_range, set net.ipv4.tcp_tw_reuse = 1 where both ends have "
        "timestamps, and above all keep connections open and reuse them.",
    .source =
        "net/ipv4/inet_hashtables.c __inet_hash_connect(); net/ipv4/tcp_ipv4.c tcp_twsk_unique(); "
        "TOAST 2015 4.3, 5.3",
    .reads = {"net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
              "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse_delay", "net.ipv4.tcp_timestamps"},
    .check = check,
};

}  // namespace tuner::rules::ephemeral_ports_near_exhaustion
