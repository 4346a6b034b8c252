#pragma once

#include <functional>
#include <memory>

#include "os/file_source.hpp"
#include "tuner/sockets.hpp"

namespace tuner::os {

/// The TCP sockets of a network namespace, wherever they are told of.
class SocketSource {
 public:
  /// tcp_info is another 300 bytes for each socket.
  enum class Details { left_out, wanted };
  using Take = std::function<void(const TcpSocket&)>;

  virtual ~SocketSource() = default;

  /// Hands on every socket that is in one of `states`, listeners first.
  virtual Observed<void> for_each(TcpStates states, Details details, const Take& take) = 0;

  /// Whether the limit of a listener's queue is told.
  [[nodiscard]] virtual bool tells_limits() const { return true; }
};

/// The running kernel's, by sock_diag.
class NetlinkSockets : public SocketSource {
 public:
  Observed<void> for_each(TcpStates states, Details details, const Take& take) override;
};

/// Those of /proc/net/tcp and tcp6: where netlink is refused, and in trees that have no records.
class ProcSockets : public SocketSource {
 public:
  explicit ProcSockets(FileSource& files) : files_(files) {}
  Observed<void> for_each(TcpStates states, Details details, const Take& take) override;
  [[nodiscard]] bool tells_limits() const override { return false; }

 private:
  FileSource& files_;
};

/// Those that a snapshot recorded.
class RecordedSockets : public SocketSource {
 public:
  explicit RecordedSockets(FileSource& files) : files_(files) {}
  Observed<void> for_each(TcpStates states, Details details, const Take& take) override;

 private:
  FileSource& files_;
};

inline constexpr const char* kTcpRecords = "records/tcp";

/// The best that there is for these files.
std::unique_ptr<SocketSource> socket_source(FileSource& files, Kernel kernel);

}  // namespace tuner::os
