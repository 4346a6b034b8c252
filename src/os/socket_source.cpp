#include "os/socket_source.hpp"

#include <utility>

#include "read/sockets.hpp"

namespace tuner::os {

namespace {

/// By netlink; where that is refused, as seccomp filters of containers do, by /proc/net/tcp.
class LiveSockets : public SocketSource {
 public:
  explicit LiveSockets(FileSource& files) : files_(files) {}

  Observed<void> for_each(TcpStates states, Details details, const Take& take) override {
    bool began = false;
    if (!refused_) {
      auto told = netlink_.for_each(states, details, [&](const TcpSocket& socket) {
        began = true;
        take(socket);
      });
      if (told || began) return told;
      refused_ = true;
    }
    return files_.for_each(states, details, take);
  }

  [[nodiscard]] bool tells_limits() const override { return !refused_; }

 private:
  NetlinkSockets netlink_{};
  ProcSockets files_;
  bool refused_ = false;
};

enum class Header { none, one_line };

/// Hands on those of a file; `parse` makes a socket of a line.
Observed<void> for_each_line(FileSource& files, const std::string& path, Header header,
                             TcpStates states, const SocketSource::Take& take, auto parse) {
  Observed<void> outcome;
  bool skip = header == Header::one_line;
  const auto read = files.read_lines(path, [&](std::string_view line) {
    if (std::exchange(skip, false) || line.empty()) return true;
    const Observed<TcpSocket> socket = parse(line);
    if (!socket) outcome = tl::unexpected(socket.error());
    if (socket && (mask_of(socket->state) & states) != 0) take(*socket);
    // The kernel lists what listens before all connections (net/ipv4/tcp_ipv4.c
    // tcp_seek_last_pos()).
    const bool behind = socket && socket->state != TcpState::listen;
    return outcome && !(behind && states == mask_of(TcpState::listen));
  });
  if (!read) outcome = tl::unexpected(read.error());
  if (!outcome) outcome.error().source = "/" + path;
  return outcome;
}

}  // namespace

Observed<void> ProcSockets::for_each(TcpStates states, Details /*details*/, const Take& take) {
  for (const char* const path : {"proc/net/tcp", "proc/net/tcp6"}) {
    auto told = for_each_line(files_, path, Header::one_line, states, take, parse::proc_tcp_line);
    // IPv6 may be switched off.
    const bool without = !told && told.error().why == Unread::Why::absent;
    if (!told && !(without && path == std::string_view("proc/net/tcp6"))) return told;
  }
  return {};
}

Observed<void> RecordedSockets::for_each(TcpStates states, Details /*details*/, const Take& take) {
  return for_each_line(files_, kTcpRecords, Header::none, states, take, parse::tcp_socket);
}

std::unique_ptr<SocketSource> socket_source(FileSource& files, Kernel kernel) {
  if (kernel == Kernel::running) return std::make_unique<LiveSockets>(files);
  if (files.status(kTcpRecords)) return std::make_unique<RecordedSockets>(files);
  return std::make_unique<ProcSockets>(files);
}

}  // namespace tuner::os
