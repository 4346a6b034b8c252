#include "sockets/room.hpp"

#include <algorithm>

#include "read/port_list.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

PortRoom::Reuse reuse_of(const HostSnapshot& host) {
  const auto reuse = host.number("net.ipv4.tcp_tw_reuse");
  const auto timestamps = host.number("net.ipv4.tcp_timestamps");
  if (!reuse || !timestamps || *timestamps == 0) return PortRoom::Reuse::off;
  if (*reuse == 1) return PortRoom::Reuse::everywhere;
  return *reuse == 2 ? PortRoom::Reuse::loopback : PortRoom::Reuse::off;
}

}  // namespace

bool PortRoom::is_local(const PeerGroup& peer) {
  return peer.local.is_loopback() || peer.remote.is_loopback();
}

bool PortRoom::reuses(const PeerGroup& peer) const {
  if (reuse == Reuse::off || peer.timestamps == PeerTimestamps::off) return false;
  return reuse == Reuse::everywhere || is_local(peer);
}

std::int64_t PortRoom::held(const PeerGroup& peer) {
  return peer.bound > 0 ? peer.bound : peer.inside;
}

std::int64_t PortRoom::taken(const PeerGroup& peer) const {
  if (peer.bound > 0 || !reuses(peer)) return held(peer);
  return std::max<std::int64_t>(0, peer.inside - (peer.time_wait - peer.fresh));
}

std::int64_t PortRoom::available(const PeerGroup& peer) const {
  return std::max<std::int64_t>(0, ports - taken(peer));
}

double PortRoom::connects_per_second(const PeerGroup& peer) const {
  const std::chrono::duration<double> wait = reuses(peer) ? delay : kTimeWait;
  return static_cast<double>(ports) / std::max(wait.count(), 0.001);
}

Observed<PortRoom> port_room(const HostSnapshot& host, const TcpSurvey* survey) {
  const auto range = host.numbers("net.ipv4.ip_local_port_range");
  if (!range) return tl::unexpected(range.error());
  const auto& reserved = host.sysctl("net.ipv4.ip_local_reserved_ports");
  if (!reserved) return tl::unexpected(reserved.error());
  constexpr std::int64_t kLastPort = 65535;
  if ((*range)[0] < 0 || (*range)[0] > (*range)[1] || (*range)[1] > kLastPort) {
    return malformed("net.ipv4.ip_local_port_range is not a port range");
  }
  PortList closed = parse::port_list(reserved->text).value_or(PortList());
  if (survey != nullptr) closed = united(std::move(closed), survey->bound);
  PortRoom room{.range = {(*range)[0], (*range)[1]}, .reuse = reuse_of(host)};
  room.ports = std::max<std::int64_t>(
      0, room.range.last - room.range.first + 1 - ports_inside(closed, room.range));
  // Before 6.14 the delay is a second.
  if (const auto delay = host.number("net.ipv4.tcp_tw_reuse_delay")) {
    room.delay = std::chrono::milliseconds(*delay);
  }
  return room;
}

}  // namespace tuner
