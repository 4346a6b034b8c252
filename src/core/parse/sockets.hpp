#pragma once

#include <cstdint>
#include <string_view>

#include "tuner/observed.hpp"

namespace tuner::parse {

/// include/net/tcp_states.h, as far as tuner asks.
enum class SocketState { established = 1, time_wait = 6, close_or_unconnected = 7, listen = 10 };

/// One line of /proc/net/tcp, tcp6, udp or udp6.
struct SocketLine {
  std::int64_t local_port = 0;
  std::int64_t remote_port = 0;
  bool local_is_loopback = false;
  int state = 0;

  [[nodiscard]] bool is(SocketState wanted) const { return state == static_cast<int>(wanted); }
};

/// Malformed unless the line has the kernel's form. The file's first line is a header.
Observed<SocketLine> socket_line(std::string_view line);

}  // namespace tuner::parse
