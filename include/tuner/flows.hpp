#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/sockets.hpp"

/// Connections that move data, watched for a while.
namespace tuner {

/// What the kernel tells of a connection at one moment: struct tcp_info and SK_MEMINFO. Bytes where
/// nothing else is said.
struct FlowLook {
  std::uint64_t acked = 0;     ///< by the peer, since the connection began
  std::uint64_t received = 0;  ///< since the connection began
  /// Since the connection began: with data to send or on the way, and of that held back by the
  /// peer's window or by the send buffer (net/ipv4/tcp_output.c tcp_chrono_start()).
  std::chrono::microseconds busy{0};
  std::chrono::microseconds window_limited{0};
  std::chrono::microseconds buffer_limited{0};
  std::chrono::microseconds rtt{0};            ///< smoothed
  std::chrono::microseconds min_rtt{0};        ///< of the last five minutes; 0: none measured
  std::chrono::microseconds receive_rtt{0};    ///< as a receiver measures it; 0: none measured
  std::uint64_t delivery_rate = 0;             ///< a second, of the latest round trip
  bool application_limited = false;            ///< so was that round trip
  std::uint64_t pacing_limit = 0;              ///< a second, SO_MAX_PACING_RATE; 0: none
  std::uint32_t segment = 0;                   ///< what one carries
  std::uint32_t congestion_window = 0;         ///< segments
  std::uint32_t send_queue = 0;                ///< sent and not acknowledged, or not sent
  std::uint32_t unsent = 0;                    ///< of that
  std::uint32_t receive_queue = 0;             ///< not read by the application
  std::uint32_t retransmitted = 0;             ///< segments, since the connection began
  std::uint32_t out_of_order = 0;              ///< segments received, since the connection began
  std::optional<std::uint32_t> peer_window{};  ///< since Linux 5.4
  std::optional<std::uint32_t> own_window{};   ///< since Linux 6.2
  std::uint32_t own_scale = 0;    ///< the most that can be offered is 65,535 shifted by it
  std::uint32_t send_buffer = 0;  ///< its limit
  std::uint32_t send_memory = 0;  ///< charged to it
  std::uint32_t receive_buffer = 0;
  std::uint32_t receive_memory = 0;
  bool scales = true;  ///< both ends scale their windows (RFC 7323)
  std::chrono::milliseconds since_sent{0};
  std::chrono::milliseconds since_received{0};
};

/// What was seen of a connection between the first look at it and the last.
struct FlowTally {
  std::int64_t looks = 0;
  /// Looks by what held the sender back at that moment.
  std::int64_t nothing_to_send = 0;
  std::int64_t behind_path = 0;    ///< unsent data, and room in the peer's window
  std::int64_t behind_window = 0;  ///< unsent data, and the peer's window is full
  std::int64_t behind_buffer = 0;  ///< all is on the way, and the send buffer takes no more
  std::int64_t unread = 0;         ///< the application left half of the receive buffer unread
  std::chrono::microseconds rtt_sum{0};
  std::chrono::microseconds receive_rtt_sum{0};
  std::uint64_t own_window_sum = 0;
  /// The largest of the rates, a second, over pieces of kPiece, the largest first: a window that is
  /// smaller than the path comes in a burst at the rate of the narrowest link.
  static constexpr std::chrono::milliseconds kPiece{20};
  std::array<std::uint64_t, 3> acked_peaks{};
  std::array<std::uint64_t, 3> received_peaks{};
};

/// A connection that moved data while it was watched.
struct Flow {
  Endpoint local{};
  Endpoint remote{};
  std::uint32_t inode = 0;
  bool accepted = false;               ///< something listens on its local port
  std::optional<SocketOwner> owner{};  ///< where it could be found
  FlowLook first{};
  FlowLook last{};
  FlowTally tally{};

  [[nodiscard]] std::uint64_t sent() const { return last.acked - first.acked; }
  [[nodiscard]] std::uint64_t received() const { return last.received - first.received; }
};

/// What moved in a network namespace while it was watched.
struct FlowSurvey {
  std::chrono::microseconds time{0};       ///< between the first look and the last
  std::int64_t connections = 0;            ///< that there were
  std::int64_t moving = 0;                 ///< of these: that moved data
  std::uint64_t bytes = 0;                 ///< that all of them moved, in both directions
  std::vector<Flow> flows{};               ///< the most bytes first; of very many the first alone
  std::int64_t most_connections = 0;       ///< to one peer or one listening port
  std::string link{};                      ///< the network card towards the peer of the most bytes
  std::uint64_t link_bits_per_second = 0;  ///< 0: none tells its speed
};

enum class FlowDirection { sending, receiving };

/// What keeps a connection from being faster.
enum class LimitedBy {
  send_buffer,     ///< this host's, as large as tcp_wmem lets it grow
  receive_buffer,  ///< this host's, as large as tcp_rmem lets it grow
  peer_window,     ///< the other end's receive buffer, or its application
  congestion,      ///< the path: its rate, its queues, its loss
  application,     ///< it does not write, or does not read
  setting,         ///< the application's own: SO_SNDBUF, SO_RCVBUF, TCP_WINDOW_CLAMP, a pacing rate
  idle,            ///< next to nothing moved
  unknown,         ///< this end cannot tell
};
inline constexpr std::size_t kLimits = 8;

/// One direction of a connection, judged.
struct FlowLimit {
  const Flow* flow = nullptr;  ///< never null
  FlowDirection direction = FlowDirection::sending;
  std::uint64_t bytes = 0;               ///< moved in this direction
  std::uint64_t bits_per_second = 0;     ///< on average
  std::chrono::microseconds rtt{0};      ///< on average; 0: none measured
  std::chrono::microseconds min_rtt{0};  ///< the least of all connections to this peer; 0: none
  LimitedBy limited_by = LimitedBy::unknown;
  double certainty = 0;          ///< the part of what was seen that says so, 0 to 1
  std::string key{};             ///< the sysctl that would free it; empty: none would
  std::int64_t needs_bytes = 0;  ///< the key's largest size that would; 0 without one
  std::string because{};         ///< one sentence
  std::vector<Evidence> evidence{};
};

}  // namespace tuner
