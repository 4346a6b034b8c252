#include "judge/reserve.hpp"

#include <algorithm>

#include "read/port_list.hpp"
#include "tuner/plan.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

bool lies_in(std::int64_t port, PortSpan range) {
  return range.first <= port && port <= range.last;
}

/// A UDP socket inside the present range may hold a port that the kernel chose a moment ago. It
/// counts only while the range is being widened, so that a plan that was carried out stays empty.
bool belongs_to_service(const ListeningPort& port, PortSpan present, bool widened) {
  return port.transport == Transport::tcp || widened || !lies_in(port.port, present);
}

bool contains(const PortList& list, std::int64_t port) {
  return std::any_of(list.begin(), list.end(),
                     [port](PortSpan span) { return lies_in(port, span); });
}

/// Ports that are in use without a socket that listens: packet rules of kube-proxy. Its own ports
/// and the kubelet's tell that the host is a node (kubernetes: pkg/cluster/ports/ports.go). The
/// span is the default of --service-node-port-range, which nothing on a node tells.
PortList node_ports(const std::vector<ListeningPort>& listening) {
  constexpr std::int64_t kKubelet = 10250;
  constexpr std::int64_t kProxyMetrics = 10249;
  constexpr std::int64_t kProxyHealth = 10256;
  constexpr PortSpan kNodePorts{30000, 32767};
  const bool node = std::any_of(listening.begin(), listening.end(), [](const ListeningPort& port) {
    return port.transport == Transport::tcp &&
           (port.port == kKubelet || port.port == kProxyMetrics || port.port == kProxyHealth);
  });
  return node ? PortList{kNodePorts} : PortList();
}

}  // namespace

Observed<PortList> ports_without_listener(const HostSnapshot& host) {
  if (!host.listening) return tl::unexpected(host.listening.error());
  PortList ports = node_ports(*host.listening);
  if (host.virtual_services) {
    for (const ListeningPort& service : *host.virtual_services) {
      ports.push_back({service.port, service.port});
    }
  } else if (host.virtual_services.error().why != Unread::Why::absent) {
    return tl::unexpected(host.virtual_services.error());
  }
  return normalized(std::move(ports));
}

Observed<Reservation> reserve_ports(const Demand& demand, PortSpan wanted,
                                    const HostSnapshot& host) {
  const auto& value = host.sysctl("net.ipv4.ip_local_reserved_ports");
  if (!value) return tl::unexpected(value.error());
  const auto reserved = parse::port_list(value->text);
  if (!reserved) return malformed("net.ipv4.ip_local_reserved_ports is not a list of ports");
  Reservation reservation;
  for (const PortSpan& span : demand.reserve) {
    if (ports_inside(*reserved, span) < span.last - span.first + 1) {
      reservation.services.push_back(span);
    }
  }
  if (demand.reserve_listening_ports) {
    const auto elsewhere = ports_without_listener(host);
    if (!elsewhere) return tl::unexpected(elsewhere.error());
    const auto range = host.numbers(demand.key);
    if (!range) return tl::unexpected(range.error());
    const PortSpan present{(*range)[0], (*range)[1]};
    const bool widened = present != wanted;
    reservation.services =
        united(std::move(reservation.services), left_open(*elsewhere, wanted, *reserved));
    for (const ListeningPort& port : *host.listening) {
      if (!lies_in(port.port, wanted) || contains(*reserved, port.port)) continue;
      if (!belongs_to_service(port, present, widened)) continue;
      reservation.services.push_back({port.port, port.port});
      const bool udp = port.transport == Transport::udp;
      if (udp && lies_in(port.port, present)) {
        reservation.doubtful.push_back({port.port, port.port});
      }
    }
  }
  reservation.doubtful = normalized(std::move(reservation.doubtful));
  reservation.services = normalized(std::move(reservation.services));
  reservation.ports = united(*reserved, reservation.services);
  return reservation;
}

}  // namespace tuner
