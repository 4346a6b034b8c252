#pragma once

#include <string>
#include <string_view>

#include "read/anonymous.hpp"
#include "tuner/observed.hpp"
#include "tuner/sockets.hpp"

namespace tuner::parse {

/// One line of /proc/net/tcp or tcp6. The limit of a listener's queue is not in it: send_queue is
/// 0. Malformed unless it has the kernel's form; the file's first line is a header.
Observed<TcpSocket> proc_tcp_line(std::string_view line);

/// One line of /proc/net/udp or udp6.
struct UdpSocket {
  Endpoint local{};
  bool connected = false;
  std::uint32_t inode = 0;
  std::int64_t drops = 0;  ///< datagrams that met a full receive buffer
};
Observed<UdpSocket> proc_udp_line(std::string_view line);

/// Such a file, or one of proc_tcp_line(), with the addresses replaced and its header as it is.
std::string anonymous_proc(std::string_view text, Anonymous& anonymous);

/// A socket as a snapshot keeps it: "listen 0.0.0.0:443 0.0.0.0:0 rq=0 wq=511 inode=812".
std::string tcp_record(const TcpSocket& socket);
Observed<TcpSocket> tcp_socket(std::string_view record);

}  // namespace tuner::parse
