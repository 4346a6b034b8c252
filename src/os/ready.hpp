#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// Tells whoever started this process, by sd_notify(3)'s protocol, that it is loaded and waits:
/// systemd, or a ReadySocket. Nobody may have asked.
void tell_ready();

/// What a process that is being started reports to.
class ReadySocket {
 public:
  static Result<ReadySocket> open();

  /// For the environment of the process: NOTIFY_SOCKET.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// The process that said so in time; 0 where none did.
  pid_t wait(std::chrono::milliseconds patience);

 private:
  ReadySocket(Descriptor socket, std::string name)
      : socket_(std::move(socket)), name_(std::move(name)) {}

  pid_t take();

  Descriptor socket_;
  std::string name_;
};

}  // namespace tuner::os
