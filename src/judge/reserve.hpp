#pragma once

#include "tuner/plan.hpp"

namespace tuner {

/// Ports that are in use without a socket that listens: NodePorts of a Kubernetes node, and what
/// IPVS serves. DNAT's are not among them: no file tells, and packets of a tracked connection do
/// not pass its rules again. Errors: why what listens, or IPVS's table, cannot be seen.
Observed<PortList> ports_without_listener(const HostSnapshot& host);

/// Errors: why what listens, or what is reserved, cannot be seen.
Observed<Reservation> reserve_ports(const Demand& demand, PortSpan wanted,
                                    const HostSnapshot& host);

}  // namespace tuner
