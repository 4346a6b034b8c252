#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

/// What a network path needs of a connection: bytes in flight, window, buffers.
namespace tuner {

class HostSnapshot;

/// The bandwidth of the narrowest link and the time there and back.
struct Path {
  BitsPerSecond bandwidth{0};
  std::chrono::microseconds rtt{0};
};

/// The bytes that are in flight when the path is full; a rest is dropped. The largest number where
/// they do not fit in int64.
Bytes bandwidth_delay_product(const Path& path);

/// The rate that `under_way` bytes in each round trip come to; 0 for a round trip of no time.
BitsPerSecond rate_of(Bytes under_way, std::chrono::microseconds rtt);

/// The largest scale that the handshake can agree on (RFC 7323 section 2.3).
inline constexpr int kMaxWindowScale = 14;

/// The window that a segment announces: its 16-bit field shifted by the scale of the handshake.
constexpr Bytes announced_window(std::uint16_t field, int scale) {
  return Bytes(std::int64_t{field} << scale);
}

/// The largest window there is, 65,535 shifted by 14: 1,073,725,440 bytes.
inline constexpr Bytes kLargestWindow = announced_window(65535, kMaxWindowScale);

/// The smallest scale that can announce `window`; 14 for windows that are too large for any.
int window_scale_for(Bytes window);

/// The scale that this host offers: it covers the larger of tcp_rmem's maximum and rmem_max
/// (net/ipv4/tcp_output.c tcp_select_initial_window()).
int offered_window_scale(std::int64_t largest_buffer);

/// A part of a whole; the denominator is above zero.
struct Fraction {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};

/// The part of a socket's buffer that carries data; the rest is what the kernel charges for its own
/// structures and keeps free. It depends on packets and drivers, so there are three of them.
struct CarryingShare {
  Fraction reckoned{1, 2};  ///< what a buffer is sized by
  Fraction usual{2, 3};     ///< with packets of 1500 bytes
  Fraction most{1, 1};      ///< what is lacking then is lacking for certain
  std::string because{};    ///< one sentence with the kernel's rule
  std::string source{};
};

/// The buffer that is reckoned to carry `data`, rounded up; the largest number where it does not
/// fit.
Bytes buffer_for(Bytes data, const CarryingShare& share);

/// A part of a buffer.
Bytes part_of(Bytes buffer, Fraction part);

/// One side of a connection: the buffer that a path needs, and what the present one allows.
struct BufferNeed {
  std::string key{};
  CarryingShare share{};
  Bytes wanted{0};                    ///< INT_MAX at most, the largest that the kernel takes
  Observed<Bytes> running{absent()};  ///< the largest buffer that the kernel gives by itself
  /// A switch that is off and limits more than the buffer does; may be empty.
  std::string held_by{};
  Bytes carries{0};        ///< of data, usually, by the present buffer and window
  Bytes at_most{0};        ///< the same at best
  BitsPerSecond limit{0};  ///< what it usually comes to on the path; 0 where it cannot be read
};

/// What a path needs, and what the present settings of a host make of it.
struct PathNeeds {
  Path path{};
  Bytes bdp{0};
  int window_scale = 0;
  bool beyond_windows = false;  ///< more than the largest window: no connection fills the path
  BufferNeed receive{};
  BufferNeed send{};
};

}  // namespace tuner
