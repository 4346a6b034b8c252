#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/process_table.hpp"
#include "os/socket_source.hpp"
#include "sockets/surveyor.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/reading.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::os {

/// Reads what is asked for of the namespace's sockets into `host`, whose sysctls are read.
void read_sockets(FileSource& files, Kernel kernel, Reading::Sockets asked, HostSnapshot& host);

/// A survey by hand, for who looks at sockets alone.
struct SurveyQuery {
  TcpStates states = kConnectionsAndListeners;
  enum class Timestamps { left_out, where_they_matter, wanted };
  /// Whether peers are counted, and what their live connections tell. Needs the sysctls of
  /// port_room().
  SurveyRequest::Peers peers = SurveyRequest::Peers::counted;
  Timestamps timestamps = Timestamps::where_they_matter;
  enum class CloseWait { counted, by_process };
  CloseWait close_wait = CloseWait::by_process;
};
Observed<TcpSurvey> read_survey(SocketSource& source, ProcessTable& table, const SurveyQuery& query,
                                const HostSnapshot& host);

/// The processes that hold TCP sockets of this namespace, the most open files first.
Observed<std::vector<ProcessFiles>> read_socket_holders(SocketSource& source, ProcessTable& table,
                                                        TcpStates states);

/// UDP sockets that lost datagrams, from /proc/net/udp and udp6.
Observed<std::vector<UdpDrops>> read_udp_drops(FileSource& files);

/// Finds who listens on those of `listeners` that `wanted` says.
void name_listeners(ProcessTable& table, std::vector<TcpListener>& listeners,
                    const std::function<bool(const TcpListener&)>& wanted);

}  // namespace tuner::os
