#include "os/boot_clock.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "os/child.hpp"
#include "os/lasting.hpp"
#include "os/root_directory.hpp"
#include "os/waiting_process.hpp"

namespace tuner::os {

namespace {

constexpr const char* kSystemd = "systemd:";
constexpr const char* kNotArmed =
    "Nothing was changed. Without --confirm-within no timer is needed.";

bool is_active(const std::string& unit) {
  return run_program({"systemctl", "is-active", "--quiet", unit}) == 0;
}

/// For certain: systemctl(1) says 3 for one that is not active and 4 for one that is not there.
bool has_ended(const std::string& unit) {
  constexpr int kInactive = 3;
  constexpr int kUnknown = 4;
  const int status = run_program({"systemctl", "is-active", "--quiet", unit});
  return status == kInactive || status == kUnknown;
}

/// A service that waits, loaded, so that nothing has to be found at its time; and a timer of the
/// same name that starts it again should it have been killed meanwhile.
Result<std::string> arm_systemd(const std::string& id, std::chrono::milliseconds at,
                                std::chrono::milliseconds within) {
  const std::string unit = "tuner-" + id;
  const int status = run_program(
      {"systemd-run", "--quiet", "--collect", "--unit=" + unit,
       "--description=Roll back the change " + id + " of tuner",
       "--on-active=" + std::to_string(within.count()) + "ms", "--timer-property=AccuracySec=100ms",
       // Monotonic timers of systemd stand still while the host is suspended (systemd.timer(5)).
       // Waking up counts as a change of the clock (fs/timerfd.c timerfd_resume()).
       "--timer-property=OnClockChange=yes",
       // `systemctl isolate` stops whatever else the new target does not want.
       "--timer-property=IgnoreOnIsolate=yes", "--property=IgnoreOnIsolate=yes",
       // Without the usual dependencies: `systemctl emergency` stops what requires sysinit.target,
       // and the recovery at boot, which may arm one again, comes before that.
       "--timer-property=DefaultDependencies=no", "--property=DefaultDependencies=no",
       "--timer-property=Conflicts=shutdown.target", "--property=Conflicts=shutdown.target",
       "--timer-property=Before=shutdown.target", "--property=Before=shutdown.target",
       "--service-type=notify", "--property=TimeoutStartSec=10", "--property=OOMScoreAdjust=-1000",
       "--property=Restart=on-abnormal", path_of_program(), "recover", "--expire", id, "--at",
       std::to_string(at.count())});
  if (status == 0 && run_program({"systemctl", "start", "--quiet", unit + ".service"}) == 0 &&
      is_active(unit + ".timer") && is_active(unit + ".service")) {
    return kSystemd + unit;
  }
  if (status == 0) {
    (void)run_program({"systemctl", "stop", "--quiet", unit + ".timer", unit + ".service"});
  }
  return fail({.subject = "systemd-run",
               .detail = "the timer " + unit + " could not be armed",
               .hint = kNotArmed});
}

/// The time that the host sleeps included. It needs nothing that could run out.
void sleep_to(std::chrono::milliseconds at) {
  constexpr long kNanoseconds = 1'000'000;
  constexpr long kMilliseconds = 1000;
  const timespec when = {.tv_sec = at.count() / kMilliseconds,
                         .tv_nsec = at.count() % kMilliseconds * kNanoseconds};
  while (::clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &when, nullptr) == EINTR) {
  }
}

/// The unit of a timer of systemd's; empty for another kind.
std::string unit_of(std::string_view timer) {
  return timer.starts_with(kSystemd) ? std::string(timer.substr(std::string_view(kSystemd).size()))
                                     : std::string();
}

bool is_own_unit(const std::string& unit) {
  auto root = RootDirectory::open("/");
  const auto groups = root ? root->read("proc/self/cgroup") : absent();
  return groups && groups->find('/' + unit) != std::string::npos;
}

}  // namespace

std::chrono::sys_seconds BootClock::now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds BootClock::since_boot() {
  timespec time = {};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

void BootClock::sleep_until(std::chrono::milliseconds at) { sleep_to(at); }

Result<std::string> BootClock::arm(const std::string& id, std::chrono::milliseconds at) {
  if (const auto ends = cannot_outlive()) return fail(*ends);
  return systemd_ ? arm_systemd(id, at, at - since_boot()) : leave_waiting(id, at);
}

bool BootClock::is_armed(const std::string& timer) {
  if (const std::string unit = unit_of(timer); !unit.empty()) {
    return !has_ended(unit + ".timer") || !has_ended(unit + ".service");
  }
  return waiting_process(timer) != 0;
}

void BootClock::disarm(const std::string& timer) {
  if (const std::string unit = unit_of(timer); !unit.empty()) {
    (void)run_program({"systemctl", "stop", "--quiet", unit + ".timer"});
    // Unless it is what runs here.
    if (!is_own_unit(unit + ".service")) {
      (void)run_program({"systemctl", "stop", "--quiet", unit + ".service"});
    }
  }
  const pid_t process = waiting_process(timer);
  if (process > 1 && process != ::getpid()) ::kill(process, SIGKILL);
}

bool systemd_has_our_namespaces(const Surroundings& here) {
  return here.as_first_process && ::access("/run/systemd/system", F_OK) == 0;
}

}  // namespace tuner::os
