#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "os/flow_source.hpp"
#include "sockets/flow_tally.hpp"
#include "tuner/flows.hpp"
#include "tuner/observed.hpp"

/// Walks through all connections: one to see what there is, one to see what moved.
namespace tuner::os {

/// The ports that something listens on.
using Services = std::bitset<65536>;

Observed<Services> read_services();

/// What is kept of each connection between two walks: there may be a hundred thousand.
struct Kept {
  std::uint64_t cookie = 0;
  std::uint64_t acked = 0;
  std::uint64_t received = 0;
  std::uint64_t busy = 0;  ///< microseconds, as the next two
  std::uint64_t window_limited = 0;
  std::uint64_t buffer_limited = 0;
  std::uint32_t retransmitted = 0;
  std::uint32_t out_of_order = 0;
  std::uint32_t send_buffer = 0;
  std::uint32_t receive_buffer = 0;

  explicit Kept(const ListedFlow& flow)
      : cookie(flow.cookie),
        acked(flow.look.acked),
        received(flow.look.received),
        busy(static_cast<std::uint64_t>(flow.look.busy.count())),
        window_limited(static_cast<std::uint64_t>(flow.look.window_limited.count())),
        buffer_limited(static_cast<std::uint64_t>(flow.look.buffer_limited.count())),
        retransmitted(flow.look.retransmitted),
        out_of_order(flow.look.out_of_order),
        send_buffer(flow.look.send_buffer),
        receive_buffer(flow.look.receive_buffer) {}

  [[nodiscard]] FlowLook look() const {
    return {.acked = acked,
            .received = received,
            .busy = std::chrono::microseconds(busy),
            .window_limited = std::chrono::microseconds(window_limited),
            .buffer_limited = std::chrono::microseconds(buffer_limited),
            .retransmitted = retransmitted,
            .out_of_order = out_of_order,
            .send_buffer = send_buffer,
            .receive_buffer = receive_buffer};
  }
};

/// All of them. The kernel lists them in much the same order each time, so that the next that is
/// looked for is mostly the one behind the last.
class Before {
 public:
  void add(const ListedFlow& flow) { kept_.emplace_back(flow); }

  /// Null for one that began later.
  const Kept* find(std::uint64_t cookie);

 private:
  std::vector<Kept> kept_{};
  std::size_t next_ = 0;
  std::vector<std::pair<std::uint64_t, std::size_t>> sorted_{};  ///< made when it is needed
};

/// A connection that is asked for again and again.
struct Watched {
  FlowName name{};
  std::uint64_t cookie = 0;
  std::chrono::microseconds rtt{0};
  FlowTallier tallier{};
};

/// The first walk: everything is kept in short, and who moves now is to be watched.
struct FirstWalk {
  Before before{};
  std::vector<Watched> watched{};
  std::size_t active = 0;  ///< connections that may be watched; more than kWatched are ranked
  bool much_moves = false;
  bool much_moves_out = false;  ///< to or from another host
  std::int64_t connections = 0;
  std::int64_t most_connections = 0;  ///< to one peer or one listening port
};

/// The bytes that a connection has moved, in both directions, since it began.
std::uint64_t moved_by(const FlowLook& look);

Observed<FirstWalk> walk_first(const Services& services);

/// Of many that move, those that moved the most in a moment are watched from now on.
Observed<void> rank(FirstWalk& walk);

inline constexpr std::size_t kMostWatched = 64;

}  // namespace tuner::os
