#pragma once

#include <chrono>
#include <optional>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

/// How many local ports connections have, and how fast they come back.
namespace tuner {

class HostSnapshot;

/// How long a connection stays in TIME_WAIT: include/net/tcp.h TCP_TIMEWAIT_LEN.
inline constexpr std::chrono::seconds kTimeWait{60};

/// What a namespace gives to outgoing connections, the same towards every peer.
struct PortRoom {
  PortSpan range{};
  std::int64_t ports = 0;  ///< in the range, less what is reserved and what is bound
  enum class Reuse { off, loopback, everywhere };
  Reuse reuse = Reuse::off;  ///< tcp_tw_reuse, where this side has timestamps
  std::chrono::milliseconds delay{1000};

  /// Whether a 2 in tcp_tw_reuse means this peer: one end on the loopback is enough
  /// (net/ipv4/tcp_ipv4.c tcp_twsk_unique()).
  [[nodiscard]] static bool is_local(const PeerGroup& peer);
  /// Whether tcp_tw_reuse takes ports in TIME_WAIT towards that peer, as far as is known.
  [[nodiscard]] bool reuses(const PeerGroup& peer) const;
  /// Ports that sockets towards that peer hold, those in TIME_WAIT among them.
  [[nodiscard]] static std::int64_t held(const PeerGroup& peer);
  /// Ports that connect() cannot take now.
  [[nodiscard]] std::int64_t taken(const PeerGroup& peer) const;
  /// Ports that it can take, those in TIME_WAIT that tcp_tw_reuse takes among them.
  [[nodiscard]] std::int64_t available(const PeerGroup& peer) const;
  /// New connections a second that the ports allow when each is closed at once.
  [[nodiscard]] double connects_per_second(const PeerGroup& peer) const;
};

/// Without its bound ports where `survey` is null. Unread: a key that could not be read.
Observed<PortRoom> port_room(const HostSnapshot& host, const TcpSurvey* survey);

}  // namespace tuner
