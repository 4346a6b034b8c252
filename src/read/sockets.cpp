#include "read/sockets.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>

#include "model/number.hpp"
#include "read/record.hpp"

namespace tuner::parse {

namespace {

constexpr std::size_t kWord = 4;                // bytes
constexpr std::size_t kWordDigits = 8;          // hexadecimal
constexpr std::chrono::milliseconds kTick{10};  // USER_HZ, in which /proc counts timers
constexpr std::uint16_t kConnected = 1;         // TCP_ESTABLISHED, for UDP too

/// "0100007F", one or four of them: words in the host's byte order.
bool read_words(std::string_view text, std::uint8_t* bytes) {
  for (; !text.empty(); text.remove_prefix(kWordDigits), bytes += kWord) {
    const auto word = integer<std::uint32_t>(text.substr(0, kWordDigits), 16);
    if (!word) return false;
    const auto parts = std::bit_cast<std::array<std::uint8_t, kWord>>(*word);
    std::copy(parts.begin(), parts.end(), bytes);
  }
  return true;
}

/// "0100007F:1F90".
std::optional<Endpoint> proc_endpoint(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != kWordDigits && colon != kWord * kWordDigits) return std::nullopt;
  const auto port = integer<std::uint16_t>(text.substr(colon + 1), 16);
  Endpoint endpoint;
  auto* first = endpoint.address.bytes.data();
  if (colon == kWordDigits) {
    constexpr std::size_t kMapped = 12;
    endpoint.address.bytes[kMapped - 1] = endpoint.address.bytes[kMapped - 2] = 0xFF;
    first += kMapped;
  }
  if (!port || !read_words(text.substr(0, colon), first)) return std::nullopt;
  endpoint.port = *port;
  return endpoint;
}

/// The form that proc_endpoint() reads.
std::string proc_text(const Address& address, std::uint16_t port, bool six) {
  constexpr std::size_t kMapped = 12;
  std::string text;
  for (std::size_t at = six ? 0 : kMapped; at < address.bytes.size(); at += kWord) {
    std::array<std::uint8_t, kWord> bytes{};
    std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(at), kWord, bytes.begin());
    text += fmt::format("{:08X}", std::bit_cast<std::uint32_t>(bytes));
  }
  return text + fmt::format(":{:04X}", port);
}

/// The two numbers of "00000000:00000011".
std::optional<std::pair<std::uint32_t, std::uint32_t>> pair_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = integer<std::uint32_t>(text.substr(0, colon), 16);
  const auto second = integer<std::uint32_t>(text.substr(colon + 1), 16);
  if (!first || !second) return std::nullopt;
  return std::pair(*first, *second);
}

tl::unexpected<Unread> no_socket(std::string_view line) {
  return malformed("\"" + std::string(line) + "\"");
}

/// What both protocols have: sl local remote st tx:rx tr:when retransmitted uid timeout inode.
struct ProcLine {
  Endpoint local{};
  Endpoint remote{};
  unsigned state = 0;
  std::pair<std::uint32_t, std::uint32_t> queues{};
  std::pair<std::uint32_t, std::uint32_t> timer{};
  std::uint32_t retransmitted = 0;
  std::uint32_t inode = 0;
};

std::optional<ProcLine> proc_line(const std::vector<std::string_view>& parts) {
  if (parts.size() < 10) return std::nullopt;
  const auto local = proc_endpoint(parts[1]);
  const auto remote = proc_endpoint(parts[2]);
  const auto state = integer<unsigned>(parts[3], 16);
  const auto queues = pair_of(parts[4]);
  const auto timer = pair_of(parts[5]);
  const auto retransmitted = integer<std::uint32_t>(parts[6], 16);
  const auto inode = integer<std::uint32_t>(parts[9]);
  if (!local || !remote || !state || !queues || !timer || !retransmitted || !inode) {
    return std::nullopt;
  }
  return ProcLine{*local, *remote, *state, *queues, *timer, *retransmitted, *inode};
}

}  // namespace

Observed<TcpSocket> proc_tcp_line(std::string_view line) {
  const auto read = proc_line(words(line));
  if (!read || read->state == 0 || read->state >= kTcpStates) return no_socket(line);
  return TcpSocket{.state = static_cast<TcpState>(read->state),
                   .local = read->local.address,
                   .remote = read->remote.address,
                   .local_port = read->local.port,
                   .remote_port = read->remote.port,
                   .receive_queue = read->queues.second,
                   .send_queue = read->queues.first,
                   .inode = read->inode,
                   .retransmissions = read->retransmitted,
                   .expires = kTick * read->timer.second};
}

Observed<UdpSocket> proc_udp_line(std::string_view line) {
  constexpr std::size_t kDrops = 12;
  const auto parts = words(line);
  const auto read = proc_line(parts);
  const auto drops = parts.size() > kDrops ? count(parts[kDrops]) : std::nullopt;
  if (!read || !drops) return no_socket(line);
  return UdpSocket{.local = read->local,
                   .connected = read->state == kConnected || read->remote.port != 0,
                   .inode = read->inode,
                   .drops = *drops};
}

std::string anonymous_proc(std::string_view text, Anonymous& anonymous) {
  std::string result;
  for (const std::string_view line : lines(text)) {
    std::string changed(line);
    const auto parts = words(line);
    for (const std::size_t place : {std::size_t{1}, std::size_t{2}}) {
      const std::string_view word = place < parts.size() ? parts[place] : std::string_view();
      const auto endpoint = proc_endpoint(word);
      if (!endpoint) continue;
      const bool six = word.find(':') > kWordDigits;
      const Address stand_in = anonymous.address(endpoint->address);
      changed.replace(changed.find(word), word.size(), proc_text(stand_in, endpoint->port, six));
    }
    result += changed + '\n';
  }
  return result;
}

std::string tcp_record(const TcpSocket& socket) {
  std::string line = fmt::format("{} {} {}", tcp_state_name(socket.state),
                                 endpoint_text(socket.local, socket.local_port),
                                 endpoint_text(socket.remote, socket.remote_port));
  const auto add = [&line](std::string_view name, std::int64_t number) {
    if (number != 0) line += fmt::format(" {}={}", name, number);
  };
  add("rq", socket.receive_queue);
  add("wq", socket.send_queue);
  add("inode", socket.inode);
  add("interface", socket.interface);
  add("retransmissions", socket.retransmissions);
  add("expires_ms", socket.expires.count());
  if (!socket.details) return line;
  return line + fmt::format(" timestamps={} last_ack_ms={} last_data_ms={}",
                            socket.details->timestamps ? 1 : 0,
                            socket.details->last_ack_received.count(),
                            socket.details->last_data_received.count());
}

Observed<TcpSocket> tcp_socket(std::string_view text) {
  const RecordLine record(text);
  const auto state = tcp_state_of(record.word(0));
  const auto local = endpoint_of(record.word(1));
  const auto remote = endpoint_of(record.word(2));
  const auto received = record.number<std::uint32_t>("rq");
  const auto sent = record.number<std::uint32_t>("wq");
  const auto inode = record.number<std::uint32_t>("inode");
  const auto interface = record.number<std::uint32_t>("interface");
  const auto retransmissions = record.number<std::uint32_t>("retransmissions");
  const auto expires = record.number<std::int32_t>("expires_ms");
  const auto timestamps = record.number<int>("timestamps");
  const auto last_ack = record.number<std::int64_t>("last_ack_ms");
  const auto last_data = record.number<std::int64_t>("last_data_ms");
  if (!state || !local || !remote || !received || !sent || !inode || !interface ||
      !retransmissions || !expires || !timestamps || !last_ack || !last_data) {
    return no_socket(text);
  }
  TcpSocket socket{.state = *state,
                   .local = local->address,
                   .remote = remote->address,
                   .local_port = local->port,
                   .remote_port = remote->port,
                   .receive_queue = *received,
                   .send_queue = *sent,
                   .inode = *inode,
                   .interface = *interface,
                   .retransmissions = *retransmissions,
                   .expires = std::chrono::milliseconds(*expires)};
  if (record.text("timestamps")) {
    socket.details = TcpDetails{*timestamps != 0, std::chrono::milliseconds(*last_ack),
                                std::chrono::milliseconds(*last_data)};
  }
  return socket;
}

}  // namespace tuner::parse
