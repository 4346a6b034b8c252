/// Makes losses on a machine whose limits are set low before: each ends by itself, and needs
/// nothing but a kernel and a C library. What it prints is how many times it tried.
///
/// losses udp | orphans | conntrack

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int kUsage = 64;
constexpr std::size_t kConnections = 60;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bound(int type, int port) {
  const int socket = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  return socket;
}

/// Small enough that what is sent stays far below tcp_mem.
void set_buffer(int socket, int which) {
  constexpr int kBytes = 16384;
  setsockopt(socket, SOL_SOCKET, which, &kBytes, sizeof kBytes);
}

/// Connections to a server that accepts nothing: the kernel completes them.
std::vector<int> connections(int port) {
  const int server = bound(SOCK_STREAM, port);
  set_buffer(server, SO_RCVBUF);
  std::vector<int> clients;
  if (server < 0 || listen(server, 2 * kConnections) != 0) return clients;
  const sockaddr_in address = loopback(port);
  while (clients.size() < kConnections) {
    clients.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    set_buffer(clients.back(), SO_SNDBUF);
    // One that is not answered is still on its way: that is what some of these are for.
    static_cast<void>(
        connect(clients.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }
  return clients;
}

/// Datagrams to sockets that nobody reads, fewer for each than its own buffer holds. Together they
/// need more than the 1 MiB that a processor keeps to itself since 6.0 (SK_MEMORY_PCPU_RESERVE).
std::size_t fill_udp_memory() {
  constexpr int kFirstPort = 5100;
  constexpr int kSockets = 100;
  constexpr int kEach = 100;
  const int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const std::array<char, 100> datagram{};
  std::size_t sent = 0;
  for (int port = kFirstPort; port < kFirstPort + kSockets; ++port) {
    if (bound(SOCK_DGRAM, port) < 0) return 0;
    const sockaddr_in address = loopback(port);
    for (int one = 0; one < kEach; ++one, ++sent) {
      static_cast<void>(sendto(sender, datagram.data(), datagram.size(), 0,
                               reinterpret_cast<const sockaddr*>(&address), sizeof address));
    }
  }
  return sent;
}

/// Closes connections whose data nobody reads. The kernel counts orphans ten times a second
/// (tcp_orphan_update() of net/ipv4/tcp.c), hence one after the other.
std::size_t leave_orphans() {
  constexpr int kPort = 5002;
  constexpr auto kPause = std::chrono::milliseconds(20);
  const auto clients = connections(kPort);
  static const std::array<char, 65536> kData{};
  for (const int client : clients) {
    while (send(client, kData.data(), kData.size(), MSG_NOSIGNAL) > 0) {
    }
  }
  for (const int client : clients) {
    close(client);
    std::this_thread::sleep_for(kPause);
  }
  return clients.size();
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view kind = count == 2 ? arguments[1] : "";
  std::size_t tried = 0;
  if (kind == "udp") {
    tried = fill_udp_memory();
  } else if (kind == "orphans") {
    tried = leave_orphans();
  } else if (kind == "conntrack") {
    constexpr int kPort = 5003;
    tried = connections(kPort).size();
  } else {
    std::fputs("usage: losses udp | orphans | conntrack\n", stderr);
    return kUsage;
  }
  std::printf("%zu\n", tried);
  return tried == 0 ? 1 : 0;
}
