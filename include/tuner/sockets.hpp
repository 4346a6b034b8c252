#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/observed.hpp"
#include "tuner/ports.hpp"

namespace tuner {

/// An IPv6 address; an IPv4 address in its mapped form ::ffff:a.b.c.d, as dual-stack sockets carry
/// it, so that both are one peer.
struct Address {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] bool is_ipv4() const;
  [[nodiscard]] bool is_loopback() const;  ///< 127.0.0.0/8 or ::1
  [[nodiscard]] bool is_wildcard() const;  ///< 0.0.0.0 or ::

  friend auto operator<=>(const Address&, const Address&) = default;
};

/// "127.0.0.1", "::1"; and back.
std::string address_text(const Address& address);
std::optional<Address> address_of(std::string_view text);

/// "127.0.0.1:80", "[::1]:80"; and back.
std::string endpoint_text(const Address& address, std::uint16_t port);
struct Endpoint {
  Address address{};
  std::uint16_t port = 0;
};
std::optional<Endpoint> endpoint_of(std::string_view text);

/// Whether a connect to `peer` reaches what listens on `listener` of the same host: the same
/// address and port, or the loopback where it listens on all addresses.
bool reaches(const Endpoint& peer, const Endpoint& listener);

/// include/net/tcp_states.h, with its numbers.
enum class TcpState : std::uint8_t {
  established = 1,
  syn_sent,
  syn_recv,
  fin_wait_1,
  fin_wait_2,
  time_wait,
  close,
  close_wait,
  last_ack,
  listen,
  closing,
  new_syn_recv,    ///< a request that is not yet a connection; shown as syn_recv
  bound_inactive,  ///< bound by bind(), and neither listening nor connected (Linux 6.8)
};
inline constexpr std::size_t kTcpStates = 14;  ///< with 0, which is none

/// "time-wait", "syn-recv"; and back.
std::string_view tcp_state_name(TcpState state);
std::optional<TcpState> tcp_state_of(std::string_view name);

/// Several states, as the kernel's own filter has them: one bit each.
using TcpStates = std::uint32_t;
constexpr TcpStates mask_of(TcpState state) { return 1U << static_cast<unsigned>(state); }
/// All but bound_inactive, for which a kernel walks another table.
inline constexpr TcpStates kConnectionsAndListeners = 0x1FFEU;

/// What tcp_info tells of a connection. Times are ages.
struct TcpDetails {
  bool timestamps = false;  ///< both ends agreed on them (RFC 7323)
  /// A CLOSE_WAIT socket has been one for at least this long, and at most as long as the next.
  std::chrono::milliseconds last_ack_received{0};
  std::chrono::milliseconds last_data_received{0};
};

/// One TCP socket, as sock_diag lists it.
struct TcpSocket {
  TcpState state = TcpState::close;
  Address local{};
  Address remote{};
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
  std::uint32_t receive_queue = 0;  ///< bytes; of a listener: connections waiting for accept()
  std::uint32_t send_queue = 0;     ///< bytes; of a listener: the limit of its queue
  std::uint32_t inode = 0;          ///< 0 where no file holds it
  std::uint32_t interface = 0;      ///< that it is bound to, as link-local ones are; 0: none
  std::uint32_t retransmissions = 0;
  std::chrono::milliseconds expires{0};  ///< what is left of its timer
  std::optional<TcpDetails> details{};   ///< where they were asked for and the state has them
};

/// A process that holds a socket.
struct SocketOwner {
  int pid = 0;
  std::string comm{};
  std::string unit{};  ///< its systemd service; empty where there is none
};

/// A socket that listens.
struct TcpListener {
  Address address{};
  std::uint16_t port = 0;
  std::uint32_t queued = 0;
  /// min(backlog, somaxconn) at the time of listen(); no value where only /proc/net/tcp tells.
  std::optional<std::uint32_t> limit{};
  std::uint32_t inode = 0;
  std::optional<SocketOwner> owner{};

  /// The kernel takes one more than the limit (include/net/sock.h sk_acceptq_is_full()).
  [[nodiscard]] bool is_full() const { return limit && queued > *limit; }
};

enum class PeerTimestamps { unknown, on, off };

/// The connections that this host opened from one address of its own to one address and port. Their
/// local ports are all different, so their number is that of ports in use.
struct PeerGroup {
  Address local{};
  Address remote{};
  std::uint16_t remote_port = 0;
  std::uint32_t interface = 0;
  std::int64_t in_use = 0;
  std::int64_t time_wait = 0;
  std::int64_t fresh = 0;   ///< of those in TIME_WAIT: too young for tcp_tw_reuse
  std::int64_t inside = 0;  ///< of both: with a local port inside ip_local_port_range
  PeerTimestamps timestamps = PeerTimestamps::unknown;  ///< as live connections show
  /// Ports of its local address that are taken towards every peer, see BoundAddress; 0 otherwise.
  std::int64_t bound = 0;
};

/// A local address whose programs bind() before they connect(): such a port is taken towards all
/// peers, while connect() alone shares one among different peers (net/ipv4/inet_hashtables.c
/// __inet_hash_connect()). Seen by hardly any port being in use twice.
struct BoundAddress {
  Address local{};
  std::int64_t ports = 0;  ///< different ones, inside ip_local_port_range
  std::int64_t peers = 0;
};

/// SYNs without an answer, by where they went.
struct UnansweredPeer {
  Address remote{};
  std::uint16_t remote_port = 0;
  std::int64_t sockets = 0;
  std::uint32_t most_retransmissions = 0;
};

/// The CLOSE_WAIT sockets of one process.
struct CloseWaitGroup {
  std::optional<SocketOwner> owner{};  ///< none where it could not be found
  Endpoint example{};                  ///< the local end of one of them
  std::int64_t sockets = 0;
  std::int64_t never_accepted = 0;  ///< of these: still in the queue of a listener
  /// At least, by last_ack_received; no value where only /proc/net/tcp tells.
  std::optional<std::chrono::milliseconds> oldest{};
  std::chrono::milliseconds oldest_at_most{0};
};

/// How many TCP connections there are of a kind. A connection is incoming where its local port is
/// one that something listens on; those between addresses of the loopback are counted apart.
struct ConnectionCensus {
  std::int64_t established_in = 0;
  std::int64_t established_out = 0;
  std::int64_t time_wait_in = 0;   ///< on service ports
  std::int64_t time_wait_out = 0;  ///< on local ports that the kernel chose
  std::int64_t loopback = 0;
};

/// Every TCP socket of the namespace, seen once and counted.
struct TcpSurvey {
  std::array<std::int64_t, kTcpStates> states{};  ///< by the number of TcpState
  std::vector<TcpListener> listeners{};           ///< in the kernel's order, one for each socket
  std::vector<PeerGroup> peers{};                 ///< the largest first
  std::vector<UnansweredPeer> unanswered{};
  std::vector<CloseWaitGroup> close_wait{};
  ConnectionCensus census{};
  std::int64_t time_wait_on_service_ports = 0;  ///< on the loopback too
  std::int64_t time_wait_on_chosen_ports = 0;
  std::vector<BoundAddress> bound_addresses{};
  PortList bound{};  ///< ports that a listener or bind() holds: connect() passes them over

  [[nodiscard]] std::int64_t count(TcpState state) const {
    return states[static_cast<std::size_t>(state)];
  }
};

/// What a process has open, against its own limit.
struct ProcessFiles {
  SocketOwner process{};
  std::int64_t open_files = 0;
  std::optional<std::int64_t> soft{};  ///< no value: unlimited
  std::optional<std::int64_t> hard{};
  std::int64_t sockets = 0;  ///< TCP sockets of this namespace, where they were counted

  /// From three quarters of the soft limit on. The check of a rule begins later.
  [[nodiscard]] bool is_near_limit() const { return soft && open_files >= *soft - *soft / 4; }
};

/// The processes near their limit of open files.
struct OpenFileSurvey {
  std::int64_t looked_at = 0;
  std::int64_t unread = 0;           ///< whose files this user may not count
  std::vector<ProcessFiles> near{};  ///< see is_near_limit()
};

/// A UDP socket that lost datagrams to a full receive buffer.
struct UdpDrops {
  Endpoint local{};
  std::int64_t drops = 0;
  std::uint32_t inode = 0;
  std::optional<SocketOwner> owner{};
};

}  // namespace tuner
