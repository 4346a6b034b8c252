#include "os/flow_source.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include <cstring>

namespace tuner::os {

namespace {

constexpr TcpStates kMoving = mask_of(TcpState::established) | mask_of(TcpState::fin_wait_1) |
                              mask_of(TcpState::fin_wait_2) | mask_of(TcpState::close_wait);
constexpr std::uint8_t kExtensions = 1U << (INET_DIAG_INFO - 1U) | 1U << (INET_DIAG_SKMEMINFO - 1U);
constexpr std::uint8_t kOptionScale = 4;    // TCPI_OPT_WSCALE
constexpr std::uint32_t kNoMinimum = ~0U;   // net/ipv4/tcp.c tcp_init_sock()
constexpr std::uint64_t kNoPacing = ~0ULL;  // sk_max_pacing_rate of a new socket
constexpr std::size_t kPeerWindow = offsetof(tcp_info, tcpi_snd_wnd);
constexpr std::size_t kOwnWindow = kPeerWindow + sizeof(std::uint32_t);  // newer than these headers

Endpoint endpoint_from(int family, const __be32* words, __be16 port) {
  Endpoint endpoint{.port = ntohs(port)};
  auto& bytes = endpoint.address.bytes;
  if (family == AF_INET6) {
    std::memcpy(bytes.data(), words, bytes.size());
    return endpoint;
  }
  constexpr std::size_t kMapped = 12;
  bytes[kMapped - 2] = bytes[kMapped - 1] = 0xFF;
  std::memcpy(bytes.data() + kMapped, words, sizeof *words);
  return endpoint;
}

/// A number behind what these headers know; no value where the kernel's answer ends before it.
std::optional<std::uint32_t> number_at(const nlattr* attribute, std::size_t offset) {
  std::uint32_t number = 0;
  if (mnl_attr_get_payload_len(attribute) < offset + sizeof number) return std::nullopt;
  std::memcpy(&number, static_cast<const char*>(mnl_attr_get_payload(attribute)) + offset,
              sizeof number);
  return number;
}

/// False where the kernel tells too little.
bool take_info(const nlattr* attribute, FlowLook& look) {
  if (mnl_attr_get_payload_len(attribute) < offsetof(tcp_info, tcpi_delivered)) return false;
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  const auto info = payload_as<tcp_info>(attribute);
  look.acked = info.tcpi_bytes_acked;
  look.received = info.tcpi_bytes_received;
  look.busy = microseconds(info.tcpi_busy_time);
  look.window_limited = microseconds(info.tcpi_rwnd_limited);
  look.buffer_limited = microseconds(info.tcpi_sndbuf_limited);
  look.rtt = microseconds(info.tcpi_rtt);
  look.min_rtt = microseconds(info.tcpi_min_rtt == kNoMinimum ? 0 : info.tcpi_min_rtt);
  look.receive_rtt = microseconds(info.tcpi_rcv_rtt);
  look.delivery_rate = info.tcpi_delivery_rate;
  look.application_limited = info.tcpi_delivery_rate_app_limited != 0;
  look.pacing_limit = info.tcpi_max_pacing_rate == kNoPacing ? 0 : info.tcpi_max_pacing_rate;
  look.segment = info.tcpi_snd_mss;
  look.congestion_window = info.tcpi_snd_cwnd;
  look.unsent = info.tcpi_notsent_bytes;
  look.retransmitted = info.tcpi_total_retrans;
  look.out_of_order = info.tcpi_rcv_ooopack;
  look.peer_window = number_at(attribute, kPeerWindow);
  look.own_window = number_at(attribute, kOwnWindow);
  look.own_scale = info.tcpi_rcv_wscale;
  look.scales = (info.tcpi_options & kOptionScale) != 0;
  look.since_sent = milliseconds(info.tcpi_last_data_sent);
  look.since_received = milliseconds(info.tcpi_last_data_recv);
  return true;
}

void take_memory(const nlattr* attribute, FlowLook& look) {
  const auto memory = payload_as<std::array<std::uint32_t, SK_MEMINFO_VARS>>(attribute);
  look.receive_memory = memory[SK_MEMINFO_RMEM_ALLOC];
  look.receive_buffer = memory[SK_MEMINFO_RCVBUF];
  look.send_buffer = memory[SK_MEMINFO_SNDBUF];
  look.send_memory = memory[SK_MEMINFO_WMEM_QUEUED];
}

std::optional<FlowLook> look_in(const nlmsghdr* message, const inet_diag_msg& told) {
  FlowLook look{.send_queue = told.idiag_wqueue, .receive_queue = told.idiag_rqueue};
  bool enough = false;
  for_each_attribute(message, sizeof(inet_diag_msg), [&](const nlattr* attribute) {
    const auto type = mnl_attr_get_type(attribute);
    if (type == INET_DIAG_INFO) enough = take_info(attribute, look);
    if (type == INET_DIAG_SKMEMINFO) take_memory(attribute, look);
  });
  return enough ? std::optional(look) : std::nullopt;
}

using TakeListed = std::function<void(const ListedFlow&)>;

int take_listed(const nlmsghdr* message, void* data) {
  const auto* const told = header_of<inet_diag_msg>(message);
  if (told == nullptr) return MNL_CB_OK;
  auto look = look_in(message, *told);
  if (!look) return MNL_CB_OK;
  ListedFlow flow{
      .local = endpoint_from(told->idiag_family, told->id.idiag_src, told->id.idiag_sport),
      .remote = endpoint_from(told->idiag_family, told->id.idiag_dst, told->id.idiag_dport),
      .inode = told->idiag_inode,
      .look = *look};
  flow.name.family = told->idiag_family;
  static_assert(sizeof told->id == sizeof flow.name.id);
  std::memcpy(flow.name.id.data(), &told->id, sizeof told->id);
  std::memcpy(&flow.cookie, told->id.idiag_cookie, sizeof flow.cookie);
  (*static_cast<const TakeListed*>(data))(flow);
  return MNL_CB_OK;
}

int take_look(const nlmsghdr* message, void* data) {
  const auto* const told = header_of<inet_diag_msg>(message);
  if (told != nullptr) *static_cast<std::optional<FlowLook>*>(data) = look_in(message, *told);
  return MNL_CB_STOP;
}

}  // namespace

Observed<void> for_each_flow(const TakeListed& take) {
  const auto socket = open_netlink(NETLINK_SOCK_DIAG);
  if (!socket) return tl::unexpected(unread_of(socket.error()));
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
  message->nlmsg_type = TCPDIAG_GETSOCK;  // without a family: both in one walk
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* const request =
      static_cast<inet_diag_req*>(mnl_nlmsg_put_extra_header(message, sizeof(inet_diag_req)));
  request->idiag_states = kMoving;
  request->idiag_ext = kExtensions;
  const auto talked =
      talk(socket->get(), message, take_listed, const_cast<TakeListed*>(&take));  // NOLINT
  if (!talked) return tl::unexpected(unread_of(talked.error()));
  return {};
}

Observed<FlowReader> FlowReader::open() {
  auto socket = open_netlink(NETLINK_SOCK_DIAG);
  if (!socket) return tl::unexpected(unread_of(socket.error()));
  return FlowReader(std::move(*socket));
}

std::optional<FlowLook> FlowReader::look(const FlowName& name) {
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
  message->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  message->nlmsg_flags = NLM_F_REQUEST;
  auto* const request =
      static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(message, sizeof(inet_diag_req_v2)));
  request->sdiag_family = name.family;
  request->sdiag_protocol = IPPROTO_TCP;
  request->idiag_ext = kExtensions;
  request->idiag_states = kMoving;
  std::memcpy(&request->id, name.id.data(), sizeof request->id);
  std::optional<FlowLook> look;
  (void)talk(socket_.get(), message, take_look, &look);
  return look;
}

}  // namespace tuner::os
