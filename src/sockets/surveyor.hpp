#pragma once

#include <bitset>
#include <unordered_map>

#include "tuner/sockets.hpp"

namespace tuner {

/// What is counted beside the states. Each has its price for every socket.
struct SurveyRequest {
  enum class Peers { left_out, counted };
  Peers peers = Peers::left_out;
  PortSpan range{};  ///< ip_local_port_range
  /// The age from which on tcp_tw_reuse takes a port in TIME_WAIT (tcp_tw_reuse_delay).
  std::chrono::milliseconds reuse_delay{1000};
};

/// Makes a survey of sockets that come one by one, listeners before connections as the kernel sends
/// them (net/ipv4/inet_diag.c inet_diag_dump_icsk()). What it keeps grows with the groups, not with
/// the sockets.
class Surveyor {
 public:
  explicit Surveyor(const SurveyRequest& request) : request_(request) {}

  void add(const TcpSocket& socket);

  /// A live connection shows whether its peer has timestamps. After all sockets were added.
  void add_details(const TcpSocket& socket);

  /// Whether a group has more ports than this in use or in TIME_WAIT.
  [[nodiscard]] bool has_group_above(std::int64_t ports) const;

  [[nodiscard]] TcpSurvey finish();

 private:
  struct PeerKey {
    Address local{};
    Address remote{};
    std::uint16_t remote_port = 0;
    std::uint32_t interface = 0;  ///< fe80::1 is another host on each link
    friend bool operator==(const PeerKey&, const PeerKey&) = default;
  };
  struct Hash {
    std::size_t operator()(const PeerKey& key) const;
    std::size_t operator()(const Address& address) const;
  };
  /// The ports inside the range that connections of one local address have.
  struct LocalPorts {
    std::bitset<65536> ports{};
    std::int64_t sockets = 0;
  };

  void bind(std::uint16_t port);
  void add_listener(const TcpSocket& socket);
  void add_peer(const TcpSocket& socket);
  void count(const TcpSocket& socket, bool incoming);
  void find_bound_addresses();

  SurveyRequest request_;
  TcpSurvey survey_{};
  std::bitset<65536> services_{};
  std::bitset<65536> is_bound_{};
  PortList bound_{};  ///< the same, as they came
  std::unordered_map<PeerKey, PeerGroup, Hash> peers_{};
  std::unordered_map<Address, LocalPorts, Hash> locals_{};
  PeerGroup* last_ = nullptr;  ///< neighbours in the dump often belong together
  std::unordered_map<PeerKey, UnansweredPeer, Hash> unanswered_{};
};

}  // namespace tuner
