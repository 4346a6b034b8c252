#pragma once

#include <chrono>
#include <string>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// One run at a time changes anything. The lock goes with the process, however it ends; its file
/// stays.
class RunLock {
 public:
  /// Sleeps for that long at most until another run has ended; any signal that ends a process ends
  /// the wait. Errors: busy, naming the holder.
  static Result<RunLock> take(const std::string& command, std::chrono::milliseconds patience);

  /// Whether a run holds it, as far as /proc/locks tells. It is not touched.
  static bool is_held();

 private:
  explicit RunLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace tuner::os
