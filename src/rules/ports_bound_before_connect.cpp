#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "knowledge/key_name.hpp"
#include "sockets/room.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::ports_bound_before_connect {

namespace {

Finding about(const BoundAddress& address, const PortRoom& room, Severity severity) {
  Finding finding =
      judge::failed(severity, address_text(address.local),
                    fmt::format("{} of its {} local ports are in use for all peers: programs "
                                "bind() it before connect(). {} peers share them.",
                                text::grouped(address.ports), text::grouped(room.ports),
                                text::grouped(address.peers)));
  finding.evidence = {judge::socket_evidence(
      "bound", address.ports, "ports of this address, each in use once, over all peers")};
  finding.fix = {
      .kind = Fix::Kind::application,
      .text =
          "Set IP_BIND_ADDRESS_NO_PORT in the program before bind(): the port is then chosen at "
          "connect() and shared among peers (nginx and HAProxy do; others have an option). "
          "Otherwise give it more source addresses, or widen net.ipv4.ip_local_port_range."};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.tcp) return {judge::not_seen("TCP", host.tcp.error(), host)};
  const auto room = port_room(host, &*host.tcp);
  if (!room) return {judge::unknown("TCP", room.error())};
  std::vector<Finding> findings;
  for (const BoundAddress& address : host.tcp->bound_addresses) {
    if (const auto severity = judge::weigh_fill(address.ports, room->ports)) {
      findings.push_back(about(address, *room, *severity));
    }
  }
  if (findings.empty()) {
    findings.push_back(judge::passed("TCP", "No local address runs out of ports for all peers."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "ports-bound-before-connect",
    .what = "Programs bind() an address before connect(), and its ports run out.",
    .why =
        "bind() with port 0 does not know the peer, so it takes a port unused by any other socket "
        "of that address: one range for all peers together, and EADDRINUSE when it is exhausted, "
        "however few connections each peer has. tcp_tw_reuse does not help bind().",
    .fix =
        "Set IP_BIND_ADDRESS_NO_PORT on the socket (Linux 4.2), use more source addresses, or "
        "widen net.ipv4.ip_local_port_range.",
    .source =
        "net/ipv4/inet_connection_sock.c inet_csk_get_port(); net/ipv4/inet_hashtables.c "
        "__inet_hash_connect(); ip(7) IP_BIND_ADDRESS_NO_PORT",
    .reads = {kPortRange, kReservedPorts},
    .check = check,
};

}  // namespace tuner::rules::ports_bound_before_connect
