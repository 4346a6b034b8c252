#pragma once

#include "os/file_source.hpp"
#include "tuner/reading.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

/// Reads what is asked for of /proc/net/tcp, tcp6, udp and udp6 into `host`. Without IPv6 there are
/// no tcp6 and udp6.
void read_sockets(FileSource& files, Reading::Sockets asked, HostSnapshot& host);

}  // namespace tuner::os
