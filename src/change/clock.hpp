#pragma once

#include <chrono>
#include <string>

#include "tuner/result.hpp"

namespace tuner::engine {

/// Time, and the timer that takes an unconfirmed change back.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual std::chrono::sys_seconds now() = 0;

  /// Time that passes while the host sleeps too, from the boot on.
  virtual std::chrono::milliseconds since_boot() = 0;

  /// Has the transaction rolled back at that time since boot, whatever becomes of this process and
  /// its terminal. Returns a name by which to stop it. Errors: it does not run.
  virtual Result<std::string> arm(const std::string& id, std::chrono::milliseconds at) = 0;

  /// Whether a timer still runs. One that cannot be seen from here does not, as far as is known.
  virtual bool is_armed(const std::string& timer) = 0;

  /// Stops a timer; one that does not run any more is fine.
  virtual void disarm(const std::string& timer) = 0;
};

}  // namespace tuner::engine
