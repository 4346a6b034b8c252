#pragma once

#include "change/clock.hpp"
#include "os/place.hpp"

namespace tuner::os {

/// CLOCK_BOOTTIME, and timers that outlive this process and its session: a transient unit of
/// systemd where this process lives in PID 1's namespaces, else a process with a session of its own
/// that stays in ours.
class BootClock : public engine::Clock {
 public:
  explicit BootClock(bool systemd) : systemd_(systemd) {}

  std::chrono::sys_seconds now() override;
  std::chrono::milliseconds since_boot() override;
  Result<std::string> arm(const std::string& id, std::chrono::milliseconds at) override;
  bool is_armed(const std::string& timer) override;
  void disarm(const std::string& timer) override;

  /// Returns at once where that time since boot has passed.
  static void sleep_until(std::chrono::milliseconds at);

 private:
  bool systemd_;
};

/// Whether systemd runs here, and its timers would act on what this process acts on.
bool systemd_has_our_namespaces(const Surroundings& here);

}  // namespace tuner::os
