#include "os/netlink.hpp"

#include <array>
#include <cerrno>

#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kNetlink = "netlink";
constexpr std::size_t kBuffer = std::size_t{32} * 1024;  // as much as a kernel puts into one answer

constexpr std::size_t kRequest = 256;

}  // namespace

Result<Netlink> open_netlink(int protocol) {
  Netlink socket(mnl_socket_open2(protocol, SOCK_CLOEXEC));
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) {
    return system_error(kNetlink);
  }
  return socket;
}

Result<void> talk(mnl_socket* socket, nlmsghdr* message, mnl_cb_t take, void* data) {
  message->nlmsg_seq = 1;
  if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0) return system_error(kNetlink);
  std::array<char, kBuffer> buffer{};
  const unsigned port = mnl_socket_get_portid(socket);
  int state = MNL_CB_OK;
  while (state > MNL_CB_STOP) {
    const ssize_t length = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return system_error(kNetlink);
    state = mnl_cb_run(buffer.data(), static_cast<std::size_t>(length), 1, port, take, data);
  }
  if (state < 0) return system_error(kNetlink);
  return {};
}

Result<void> list(int protocol, const std::function<nlmsghdr*(mnl_socket*, char*)>& begin,
                  mnl_cb_t take, void* data) {
  constexpr int kTries = 10;
  Result<void> talked;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    // What is left in a socket belongs to the list that was broken off.
    const auto socket = open_netlink(protocol);
    if (!socket) return tl::unexpected(socket.error());
    alignas(nlmsghdr) std::array<char, kRequest> buffer{};
    nlmsghdr* const request = begin(socket->get(), buffer.data());
    errno = 0;
    talked = talk(socket->get(), request, take, data);
    if (talked || errno != EINTR) return talked;
  }
  return talked;
}

Unread unread_of(const Error& error) {
  if (error.kind == ErrorKind::permission) return {.why = Unread::Why::not_permitted};
  return {.why = Unread::Why::failed, .detail = error.detail};
}

}  // namespace tuner::os
