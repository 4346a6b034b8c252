#include "os/ready.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kVariable = "NOTIFY_SOCKET";
constexpr std::string_view kReady = "READY=1";
constexpr auto kHeaderBytes = offsetof(sockaddr_un, sun_path);

}  // namespace

void tell_ready() {
  const char* const name = ::secure_getenv(kVariable);
  if (name == nullptr) return;
  const std::string_view path(name);
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() < 2 || path.size() > sizeof address.sun_path) return;
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  if (path.front() == '@') address.sun_path[0] = '\0';
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  (void)!::sendto(socket.get(), kReady.data(), kReady.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address),
                  static_cast<socklen_t>(kHeaderBytes + path.size()));
}

/// Bound to a name that the kernel picks (unix(7), "Autobind feature").
Result<ReadySocket> ReadySocket::open() {
  Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const int on = 1;
  if (!socket.valid() || ::setsockopt(socket.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0 ||
      ::bind(socket.get(), any, sizeof address.sun_family) != 0 ||
      ::getsockname(socket.get(), any, &length) != 0) {
    return system_error("socket");
  }
  std::string name(std::begin(address.sun_path), length - kHeaderBytes);
  name.front() = '@';
  return ReadySocket(std::move(socket), std::move(name));
}

/// The kernel says which process it is, and whose (unix(7), SCM_CREDENTIALS): anybody may write to
/// the socket.
pid_t ReadySocket::wait(std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  pollfd waiting = {.fd = socket_.get(), .events = POLLIN, .revents = 0};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return 0;
    if (const pid_t process = take()) return process;
  }
}

pid_t ReadySocket::take() {
  std::array<char, 64> text{};
  iovec part = {.iov_base = text.data(), .iov_len = text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t length = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT);
  const cmsghdr* const first = CMSG_FIRSTHDR(&message);
  if (length <= 0 || first == nullptr || first->cmsg_type != SCM_CREDENTIALS ||
      std::string_view(text.data(), static_cast<std::size_t>(length)) != kReady) {
    return 0;
  }
  ucred sender = {};
  std::memcpy(&sender, CMSG_DATA(first), sizeof sender);
  return sender.uid == ::geteuid() ? sender.pid : 0;
}

}  // namespace tuner::os
