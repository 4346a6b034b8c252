/// TCP flows for the lab: sends or receives as fast as it goes, and tells in one line of JSON how
/// fast that was and how much memory its sockets held. Needs nothing but a kernel and a C library,
/// so that the same program runs in virtual machines.
///
/// flow receive ADDRESS PORT FLOWS [--buffer BYTES]
/// flow send ADDRESS PORT FLOWS SECONDS [--buffer BYTES]
/// flow buffers

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kInterval = milliseconds(100);  // of the receiver's report
constexpr auto kSample = milliseconds(20);     // between looks at the sockets' memory
constexpr auto kPatience = milliseconds(30000);
constexpr std::size_t kPiece = 256 << 10;
constexpr int kUsage = 64;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "flow: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

void check(long outcome, const char* what) {
  if (outcome < 0) die(what);
}

struct Arguments {
  std::vector<std::string_view> words;
  int buffer = 0;  // 0: what the kernel chooses
};

int number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    std::fprintf(stderr, "flow: not a number: %.*s\n", static_cast<int>(text.size()), text.data());
    std::exit(kUsage);
  }
  return value;
}

sockaddr_in address_of(const Arguments& arguments) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(number(arguments.words[2])));
  // The words of main() end with a zero.
  if (inet_pton(AF_INET, arguments.words[1].data(), &address.sin_addr) != 1) std::exit(kUsage);
  return address;
}

void set_buffer(int socket, int option, int bytes) {
  if (bytes == 0) return;
  check(setsockopt(socket, SOL_SOCKET, option, &bytes, sizeof bytes), "setsockopt");
}

/// What the kernel charges to sockets, sampled now and then.
class Memory {
 public:
  /// `queue` is the index of SO_MEMINFO that counts, `limit` that of the buffer's size.
  Memory(int queue, int limit) : queue_(queue), limit_(limit) {}

  void sample(const std::vector<pollfd>& sockets) {
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + kSample;
    std::int64_t sum = 0;
    for (const pollfd& each : sockets) {
      std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
      socklen_t size = sizeof memory;
      if (each.fd < 0 || getsockopt(each.fd, SOL_SOCKET, SO_MEMINFO, memory.data(), &size) != 0) {
        continue;
      }
      sum += memory.at(static_cast<std::size_t>(queue_));
      buffer_ = std::max(buffer_, memory.at(static_cast<std::size_t>(limit_)));
    }
    peak_ = std::max(peak_, sum);
  }

  void print() const {
    std::printf("\"memory\": %lld, \"buffer\": %u", static_cast<long long>(peak_), buffer_);
  }

 private:
  int queue_;
  int limit_;
  Clock::time_point next_{};
  std::int64_t peak_ = 0;
  std::uint32_t buffer_ = 0;
};

std::vector<pollfd> accept_flows(const Arguments& arguments, int count) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  set_buffer(listener, SO_RCVBUF, arguments.buffer);  // before the handshake chooses a scale
  const sockaddr_in address = address_of(arguments);
  check(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener, count), "listen");
  std::vector<pollfd> flows;
  for (int index = 0; index < count; ++index) {
    pollfd waiting{listener, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(kPatience.count())) != 1) die("nobody connects");
    const int flow = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    check(flow, "accept");
    flows.push_back({flow, POLLIN, 0});
  }
  close(listener);
  return flows;
}

class Report {
 public:
  void add(std::int64_t bytes) {
    const auto now = Clock::now();
    if (!begin_) begin_ = now;
    const auto index = static_cast<std::size_t>((now - *begin_) / kInterval);
    if (intervals_.size() <= index) intervals_.resize(index + 1);
    intervals_[index] += bytes;
    total_ += bytes;
  }

  void print() const {
    std::printf("\"bytes\": %lld, \"intervals\": [", static_cast<long long>(total_));
    for (std::size_t index = 0; index < intervals_.size(); ++index) {
      std::printf("%s%lld", index == 0 ? "" : ", ", static_cast<long long>(intervals_[index]));
    }
    std::printf("], ");
  }

 private:
  std::optional<Clock::time_point> begin_;
  std::vector<std::int64_t> intervals_;
  std::int64_t total_ = 0;
};

int receive(const Arguments& arguments) {
  auto flows = accept_flows(arguments, number(arguments.words[3]));
  std::vector<char> piece(kPiece);
  Memory memory(SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_RCVBUF);
  Report report;
  std::size_t open = flows.size();
  while (open > 0) {
    if (poll(flows.data(), flows.size(), static_cast<int>(kPatience.count())) == 0) {
      die("nothing comes");
    }
    memory.sample(flows);
    for (pollfd& flow : flows) {
      if (flow.fd < 0 || flow.revents == 0) continue;
      // What is cut off is thrown away without being copied: the path is measured, not memory.
      const auto got = recv(flow.fd, piece.data(), piece.size(), MSG_TRUNC);
      if (got > 0) report.add(got);
      if (got > 0 || (got < 0 && errno == EAGAIN)) continue;
      close(flow.fd);
      flow.fd = -1;
      --open;
    }
  }
  std::printf("{");
  report.print();
  memory.print();
  std::printf("}\n");
  return 0;
}

std::vector<pollfd> connect_flows(const Arguments& arguments, int count) {
  const sockaddr_in address = address_of(arguments);
  std::vector<pollfd> flows;
  const auto deadline = Clock::now() + kPatience;
  while (flows.size() < static_cast<std::size_t>(count)) {
    const int flow = socket(AF_INET, SOCK_STREAM, 0);
    set_buffer(flow, SO_SNDBUF, arguments.buffer);
    if (connect(flow, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      check(fcntl(flow, F_SETFL, O_NONBLOCK), "fcntl");
      flows.push_back({flow, POLLOUT, 0});
      continue;
    }
    // The receiver may not listen yet.
    if (errno != ECONNREFUSED || Clock::now() > deadline) die("connect");
    close(flow);
    poll(nullptr, 0, 10);
  }
  return flows;
}

std::int64_t retransmits(const std::vector<pollfd>& flows) {
  std::int64_t sum = 0;
  for (const pollfd& flow : flows) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(flow.fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
      sum += info.tcpi_total_retrans;
    }
  }
  return sum;
}

int send_flows(const Arguments& arguments) {
  const auto duration = std::chrono::seconds(number(arguments.words[4]));
  auto flows = connect_flows(arguments, number(arguments.words[3]));
  const std::vector<char> piece(kPiece, 'x');
  Memory memory(SK_MEMINFO_WMEM_QUEUED, SK_MEMINFO_SNDBUF);
  const auto end = Clock::now() + duration;
  for (auto now = Clock::now(); now < end; now = Clock::now()) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - now).count();
    poll(flows.data(), flows.size(), static_cast<int>(std::min<std::int64_t>(left + 1, 20)));
    memory.sample(flows);
    for (const pollfd& flow : flows) {
      if ((flow.revents & POLLOUT) == 0) continue;
      const auto sent = send(flow.fd, piece.data(), piece.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) die("send");
    }
  }
  std::printf("{\"retransmits\": %lld, ", static_cast<long long>(retransmits(flows)));
  memory.print();
  std::printf("}\n");
  // What is still unsent is of no interest: a reset ends the flow at once.
  const linger at_once{1, 0};
  for (const pollfd& flow : flows) {
    setsockopt(flow.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(flow.fd);
  }
  return 0;
}

int size_of(int socket, int option) {
  int bytes = 0;
  socklen_t size = sizeof bytes;
  check(getsockopt(socket, SOL_SOCKET, option, &bytes, &size), "getsockopt");
  return bytes;
}

/// The sizes that new sockets start with.
int buffers() {
  const int tcp = socket(AF_INET, SOCK_STREAM, 0);
  const int udp = socket(AF_INET, SOCK_DGRAM, 0);
  check(tcp, "socket");
  check(udp, "socket");
  std::printf("{\"tcp\": [%d, %d], \"udp\": [%d, %d]}\n", size_of(tcp, SO_RCVBUF),
              size_of(tcp, SO_SNDBUF), size_of(udp, SO_RCVBUF), size_of(udp, SO_SNDBUF));
  return 0;
}

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  for (int index = 1; index < count; ++index) {
    const std::string_view word = words[index];
    if (word == "--buffer" && index + 1 < count) {
      arguments.buffer = number(words[++index]);
    } else {
      arguments.words.push_back(word);
    }
  }
  const std::string_view command = arguments.words.empty() ? "" : arguments.words[0];
  if (command == "buffers") return buffers();
  if (command == "receive" && arguments.words.size() == 4) return receive(arguments);
  if (command == "send" && arguments.words.size() == 5) return send_flows(arguments);
  std::fprintf(stderr,
               "usage: flow receive ADDRESS PORT FLOWS [--buffer BYTES]\n"
               "       flow send ADDRESS PORT FLOWS SECONDS [--buffer BYTES]\n"
               "       flow buffers\n");
  return kUsage;
}
