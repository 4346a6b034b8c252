#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "os/netlink.hpp"
#include "os/socket_source.hpp"

namespace tuner::os {

namespace {

constexpr std::uint8_t kOptionTimestamps = 1;  // TCPI_OPT_TIMESTAMPS

struct Dump {
  const SocketSource::Take& take;
  TcpSocket socket{};
};

Address address_from(int family, const __be32* words) {
  Address address;
  if (family == AF_INET6) {
    std::memcpy(address.bytes.data(), words, address.bytes.size());
    return address;
  }
  constexpr std::size_t kMapped = 12;
  address.bytes[kMapped - 2] = address.bytes[kMapped - 1] = 0xFF;
  std::memcpy(address.bytes.data() + kMapped, words, sizeof *words);
  return address;
}

std::optional<TcpDetails> details_in(const nlmsghdr* message) {
  std::optional<TcpDetails> details;
  for_each_attribute(message, sizeof(inet_diag_msg), [&details](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) != INET_DIAG_INFO) return;
    const auto info = payload_as<tcp_info>(attribute);
    details = TcpDetails{.timestamps = (info.tcpi_options & kOptionTimestamps) != 0,
                         .last_ack_received = std::chrono::milliseconds(info.tcpi_last_ack_recv),
                         .last_data_received = std::chrono::milliseconds(info.tcpi_last_data_recv)};
  });
  return details;
}

int take_socket(const nlmsghdr* message, void* data) {
  auto& dump = *static_cast<Dump*>(data);
  const auto* const told = header_of<inet_diag_msg>(message);
  if (told == nullptr) return MNL_CB_OK;
  if (told->idiag_state == 0 || told->idiag_state >= kTcpStates) return MNL_CB_OK;
  TcpSocket& socket = dump.socket;
  socket.state = static_cast<TcpState>(told->idiag_state);
  socket.local = address_from(told->idiag_family, told->id.idiag_src);
  socket.remote = address_from(told->idiag_family, told->id.idiag_dst);
  socket.local_port = ntohs(told->id.idiag_sport);
  socket.remote_port = ntohs(told->id.idiag_dport);
  socket.receive_queue = told->idiag_rqueue;
  socket.send_queue = told->idiag_wqueue;
  socket.inode = told->idiag_inode;
  socket.interface = told->id.idiag_if;
  socket.retransmissions = told->idiag_retrans;
  socket.expires = std::chrono::milliseconds(told->idiag_expires);
  const bool more = message->nlmsg_len > mnl_nlmsg_size(sizeof(inet_diag_msg));
  socket.details = more ? details_in(message) : std::nullopt;
  dump.take(socket);
  return MNL_CB_OK;
}

}  // namespace

Observed<void> NetlinkSockets::for_each(TcpStates states, Details details, const Take& take) {
  const auto socket = open_netlink(NETLINK_SOCK_DIAG);
  if (!socket) return tl::unexpected(unread_of(socket.error()));
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
  // The older of two requests: it has no family, so that one walk through the kernel's table tells
  // of IPv4 and IPv6.
  message->nlmsg_type = TCPDIAG_GETSOCK;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* const request =
      static_cast<inet_diag_req*>(mnl_nlmsg_put_extra_header(message, sizeof(inet_diag_req)));
  request->idiag_states = states;
  if (details == Details::wanted) request->idiag_ext = 1U << (INET_DIAG_INFO - 1U);
  Dump dump{.take = take};
  const auto talked = talk(socket->get(), message, take_socket, &dump);
  if (!talked) return tl::unexpected(unread_of(talked.error()));
  return {};
}

}  // namespace tuner::os
