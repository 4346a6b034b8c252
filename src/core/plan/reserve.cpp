#include <algorithm>

#include "core/parse/port_list.hpp"
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

}  // namespace

Observed<Reservation> reserve_ports(const Demand& demand, PortSpan wanted,
                                    const HostSnapshot& host) {
  const auto& value = host.sysctl("net.ipv4.ip_local_reserved_ports");
  if (!value) return tl::unexpected(value.error());
  const auto reserved = parse::port_list(value->text);
  if (!reserved) return malformed("net.ipv4.ip_local_reserved_ports is no list of ports");
  Reservation reservation;
  for (const PortSpan& span : demand.reserve) {
    if (ports_inside(*reserved, span) < span.last - span.first + 1) {
      reservation.services.push_back(span);
    }
  }
  if (demand.reserve_listening_ports) {
    if (!host.listening) return tl::unexpected(host.listening.error());
    const auto range = host.numbers(demand.key);
    if (!range) return tl::unexpected(range.error());
    const PortSpan present{(*range)[0], (*range)[1]};
    const bool widened = present != wanted;
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
