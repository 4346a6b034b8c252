#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <sys/types.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "os/read_links.hpp"
#include "os/routes.hpp"
#include "os/socket_source.hpp"

namespace {

std::string_view input;
constexpr unsigned kPort = 7;

std::uint16_t take_number() {
  std::uint16_t number = 0;
  const std::size_t size = std::min(sizeof number, input.size());
  std::memcpy(&number, input.data(), size);
  input.remove_prefix(size);
  return number;
}

}  // namespace

struct mnl_socket {
  int unused;
};
static mnl_socket only;

// The library's calls that reach a kernel, in its place: messages of the input's types and contents
// come, each with a sound header, then the end of the list.
extern "C" {
mnl_socket* mnl_socket_open2(int, int) { return &only; }
int mnl_socket_bind(mnl_socket*, unsigned, pid_t) { return 0; }
ssize_t mnl_socket_sendto(const mnl_socket*, const void*, std::size_t size) {
  return static_cast<ssize_t>(size);
}
unsigned mnl_socket_get_portid(const mnl_socket*) { return kPort; }
int mnl_socket_close(mnl_socket*) { return 0; }

ssize_t mnl_socket_recvfrom(const mnl_socket*, void* buffer, std::size_t size) {
  auto* const bytes = static_cast<char*>(buffer);
  nlmsghdr header = {.nlmsg_len = NLMSG_HDRLEN,
                     .nlmsg_type = NLMSG_DONE,
                     .nlmsg_flags = NLM_F_MULTI,
                     .nlmsg_seq = 1,
                     .nlmsg_pid = kPort};
  if (!input.empty()) {
    header.nlmsg_type = take_number();
    const std::size_t wanted = take_number() % 1024U;
    const std::size_t length = std::min({wanted, input.size(), size - NLMSG_HDRLEN});
    std::memcpy(bytes + NLMSG_HDRLEN, input.data(), length);
    input.remove_prefix(length);
    header.nlmsg_len += static_cast<std::uint32_t>(length);
  }
  std::memcpy(bytes, &header, sizeof header);
  return static_cast<ssize_t>(header.nlmsg_len);
}
}

/// Any answers of a kernel to each question that is asked of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuner;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  input = all;
  (void)os::read_interface_drops();
  input = all;
  (void)os::read_default_routes();
  input = all;
  os::NetlinkSockets sockets;
  (void)sockets.for_each(~TcpStates{0}, os::SocketSource::Details::wanted, [](const TcpSocket&) {});
  return 0;
}
