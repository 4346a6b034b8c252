#include "os/read_sockets.hpp"

#include <map>
#include <set>
#include <utility>

#include "core/parse/sockets.hpp"

namespace tuner::os {

namespace {

using parse::SocketLine;
using parse::SocketState;

/// Hands each socket of a file to `take`, until that returns false.
template <class Take>
Observed<void> for_each_socket(FileSource& files, const std::string& path, Take take) {
  Observed<void> outcome;
  bool header = true;
  const auto read = files.read_lines(path, [&](std::string_view line) {
    if (std::exchange(header, false) || line.empty()) return true;
    const auto socket = parse::socket_line(line);
    if (socket) return take(*socket);
    outcome = tl::unexpected(socket.error());
    return false;
  });
  if (!read) outcome = tl::unexpected(read.error());
  if (!outcome) outcome.error().source = "/" + path;
  return outcome;
}

/// The files of both families; IPv6 may be switched off.
template <class Take>
Observed<void> for_both_families(FileSource& files, const std::string& path, Take take) {
  auto outcome = for_each_socket(files, path, take);
  if (!outcome) return outcome;
  auto six = for_each_socket(files, path + "6", take);
  const bool without = !six && six.error().why == Unread::Why::absent;
  return without ? outcome : six;
}

/// What a port is listened on by; the loopback counts only where nothing else does.
using Ports = std::map<std::pair<std::int64_t, Transport>, bool>;

void add(const SocketLine& socket, Transport transport, Ports& ports) {
  const auto [place, fresh] =
      ports.emplace(std::pair(socket.local_port, transport), socket.local_is_loopback);
  if (!fresh && !socket.local_is_loopback) place->second = false;
}

Observed<std::vector<ListeningPort>> read_listening(FileSource& files) {
  Ports ports;
  // The kernel lists what listens before all connections (net/ipv4/tcp_ipv4.c tcp_seek_last_pos()).
  auto outcome = for_both_families(files, "proc/net/tcp", [&ports](const SocketLine& socket) {
    if (!socket.is(SocketState::listen)) return false;
    add(socket, Transport::tcp, ports);
    return true;
  });
  if (!outcome) return tl::unexpected(outcome.error());
  outcome = for_both_families(files, "proc/net/udp", [&ports](const SocketLine& socket) {
    const bool waits = socket.is(SocketState::close_or_unconnected) && socket.remote_port == 0;
    if (waits && socket.local_port != 0) add(socket, Transport::udp, ports);
    return true;
  });
  if (!outcome) return tl::unexpected(outcome.error());
  std::vector<ListeningPort> listening;
  for (const auto& [port, loopback_only] : ports) {
    listening.push_back(
        {.port = port.first, .transport = port.second, .loopback_only = loopback_only});
  }
  return listening;
}

void count(const SocketLine& socket, bool incoming, ConnectionCensus& census) {
  const bool established = socket.is(SocketState::established);
  if (!established && !socket.is(SocketState::time_wait)) return;
  if (socket.local_is_loopback) {
    ++census.loopback;
  } else if (established) {
    ++(incoming ? census.established_in : census.established_out);
  } else {
    ++(incoming ? census.time_wait_in : census.time_wait_out);
  }
}

Observed<ConnectionCensus> read_census(FileSource& files,
                                       const std::vector<ListeningPort>& listening) {
  std::set<std::int64_t> services;
  for (const ListeningPort& port : listening) {
    if (port.transport == Transport::tcp) services.insert(port.port);
  }
  ConnectionCensus census;
  const auto outcome = for_both_families(files, "proc/net/tcp", [&](const SocketLine& socket) {
    count(socket, services.contains(socket.local_port), census);
    return true;
  });
  if (!outcome) return tl::unexpected(outcome.error());
  return census;
}

}  // namespace

void read_sockets(FileSource& files, Reading::Sockets asked, HostSnapshot& host) {
  if (asked == Reading::Sockets::none) return;
  host.listening = read_listening(files);
  if (asked != Reading::Sockets::connections) return;
  if (host.listening) {
    host.connections = read_census(files, *host.listening);
  } else {
    host.connections = tl::unexpected(host.listening.error());
  }
}

}  // namespace tuner::os
