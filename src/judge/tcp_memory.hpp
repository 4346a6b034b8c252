#pragma once

#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// How TCP's memory stands, and why it killed connections: what two rules must tell alike.
namespace tuner::judge {

/// What TCP has in use on the machine. `host.sockets` must have a value.
Pages tcp_memory_in_use(const HostSnapshot& host);

/// Whether that is above the pressure mark of tcp_mem; false where the key is not seen, as in a
/// child namespace.
bool is_tcp_pressed(const HostSnapshot& host);

/// Whether TCPAbortOnMemory, which counts two causes, counts orphans: there are enough of them now,
/// or TCP never ran short of memory. A shortage is counted where the socket lives that met it, so
/// one of a container's is missed. False where the limit of orphans is not seen. Source:
/// net/ipv4/tcp.c tcp_check_oom(), tcp_enter_memory_pressure(); net/ipv4/tcp_timer.c
/// tcp_out_of_resources().
bool are_orphans_killed(const HostSnapshot& host);

}  // namespace tuner::judge
