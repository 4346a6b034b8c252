#include "os/boot_clock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>
#include <vector>

#include "core/parse/number.hpp"
#include "os/descriptor.hpp"
#include "os/root_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kSelf = "/proc/self/exe";
constexpr const char* kSystemd = "systemd:";
constexpr const char* kProcess = "process:";
constexpr const char* kNotArmed =
    "Nothing was changed. Without --confirm-within no timer is needed.";

constexpr int kPipe = 3;  // of the process that waits, the first behind the standard ones

/// For a process that nobody listens to.
void silence() {
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::dup2(nowhere, standard);
  }
}

/// A child begins with the signals held that its parent holds.
void take_all_signals() {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Runs a program to its end, its output thrown away. The exit status, or -1.
int run_program(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) {
    silence();
    take_all_signals();
    ::execvp(arguments[0], arguments.data());
    constexpr int kNoProgram = 127;
    ::_exit(kNoProgram);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string path_of_program() {
  constexpr std::size_t kLongest = 4095;  // what the kernel gives of a link
  std::array<char, kLongest + 1> path{};
  const ssize_t length = ::readlink(kSelf, path.data(), kLongest);
  return length <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(length));
}

Result<std::string> arm_systemd(const std::string& id, std::chrono::milliseconds within) {
  const std::string unit = "tuner-" + id;
  const std::string program = path_of_program();
  const int status = run_program(
      {"systemd-run", "--quiet", "--collect", "--unit=" + unit,
       "--description=Take back the change " + id + " of tuner",
       "--on-active=" + std::to_string(within.count()) + "ms", "--timer-property=AccuracySec=100ms",
       // Monotonic timers of systemd stand still while the host is suspended (systemd.timer(5)).
       // Waking up counts as a change of the clock (fs/timerfd.c timerfd_resume()): the service is
       // started then, and waits for the rest itself.
       "--timer-property=OnClockChange=yes", program, "recover", "--expire", id});
  if (status == 0 && ::access(program.c_str(), X_OK) == 0 &&
      run_program({"systemctl", "is-active", "--quiet", unit + ".timer"}) == 0) {
    return kSystemd + unit;
  }
  return fail({.subject = "systemd-run",
               .detail = "the timer " + unit + " could not be armed",
               .way_out = kNotArmed});
}

/// What a session was limited to must not keep the way back from its work: it writes files, opens
/// some, and takes its time. Root may raise them; where it may not, they stay.
void take_limits_off() {
  constexpr rlimit kNone = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  for (const auto resource : {RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_AS, RLIMIT_DATA, RLIMIT_NPROC}) {
    ::setrlimit(resource, &kNone);
  }
  constexpr rlimit kFiles = {.rlim_cur = 1024, .rlim_max = 4096};
  ::setrlimit(RLIMIT_NOFILE, &kFiles);
}

/// All but the pipe is closed: the lock would else be held until the timer ends.
void leave_everything(int pipe) {
  silence();
  if (pipe != kPipe) ::dup2(pipe, kPipe);
  if (::syscall(SYS_close_range, kPipe + 1, ~0U, 0) != 0) {
    const long open_max = ::sysconf(_SC_OPEN_MAX);
    for (int file = kPipe + 1; file < open_max; ++file) ::close(file);
  }
  // A terminal or a session that ends does not end it. SIGTERM does: it comes at a shutdown, which
  // must not be kept waiting, and leaves the change to the boot's recovery.
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE}) ::signal(number, SIG_IGN);
  ::signal(SIGTERM, SIG_DFL);
  take_all_signals();
  (void)!::chdir("/");
  // A session that ends may take its cgroup with it. In the root's there is nobody who would.
  if (::access("/run/systemd/system", F_OK) == 0) {
    const int group = ::open("/sys/fs/cgroup/cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (group >= 0) (void)!::write(group, "0", 1);
  }
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

/// Sleeps until the time has come, and becomes `tuner recover --expire ID` then.
[[noreturn]] void be_the_timer(int pipe, const std::string& id, std::chrono::milliseconds at) {
  leave_everything(pipe);
  take_limits_off();
  const pid_t own = ::getpid();
  if (::write(kPipe, &own, sizeof own) != sizeof own) ::_exit(1);
  ::close(kPipe);
  sleep_to(at);
  ::execl(kSelf, "tuner", "recover", "--expire", id.c_str(), static_cast<char*>(nullptr));
  ::_exit(1);
}

/// The number of the process that waits, once it says that it does.
pid_t wait_for_timer(int pipe) {
  constexpr int kPatienceMs = 5000;
  pollfd waiting = {.fd = pipe, .events = POLLIN, .revents = 0};
  pid_t timer = 0;
  if (::poll(&waiting, 1, kPatienceMs) <= 0) return 0;
  return ::read(pipe, &timer, sizeof timer) == sizeof timer ? timer : 0;
}

Result<std::string> arm_process(const std::string& id, std::chrono::milliseconds at) {
  const auto failed = [] {
    return fail({.subject = "timer",
                 .detail = "no process could be left behind to wait",
                 .way_out = kNotArmed});
  };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed();
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t middle = ::fork();
  if (middle < 0) return failed();
  if (middle == 0) {
    // A session of its own, and then a process that is not even its leader.
    ::setsid();
    const pid_t timer = ::fork();
    if (timer == 0) be_the_timer(writing.get(), id, at);
    ::_exit(timer < 0 ? 1 : 0);
  }
  writing = Descriptor();
  while (::waitpid(middle, nullptr, 0) < 0 && errno == EINTR) {
  }
  const pid_t timer = wait_for_timer(reading.get());
  const std::string start = timer > 0 ? start_of_process(timer) : std::string();
  if (start.empty()) return failed();
  return kProcess + std::to_string(timer) + ':' + start;
}

/// The unit of a timer of systemd's; empty for another kind.
std::string unit_of(std::string_view timer) {
  return timer.starts_with(kSystemd) ? std::string(timer.substr(std::string_view(kSystemd).size()))
                                     : std::string();
}

/// The process that waits; 0 where it has ended, or the timer is of another kind.
pid_t process_of(std::string_view timer) {
  if (!timer.starts_with(kProcess)) return 0;
  const std::string_view rest = timer.substr(std::string_view(kProcess).size());
  const auto colon = rest.find(':');
  const auto process = parse::integer<pid_t>(rest.substr(0, colon));
  if (!process || colon == rest.npos) return 0;
  return start_of_process(*process) == rest.substr(colon + 1) ? *process : 0;
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
  return systemd_ ? arm_systemd(id, at - since_boot()) : arm_process(id, at);
}

bool BootClock::is_armed(const std::string& timer) {
  if (const std::string unit = unit_of(timer); !unit.empty()) {
    return run_program({"systemctl", "is-active", "--quiet", unit + ".timer"}) == 0 ||
           run_program({"systemctl", "is-active", "--quiet", unit + ".service"}) == 0;
  }
  return process_of(timer) != 0;
}

void BootClock::disarm(const std::string& timer) {
  if (const std::string unit = unit_of(timer); !unit.empty()) {
    (void)run_program({"systemctl", "stop", "--quiet", unit + ".timer"});
    // It may wait already, after a clock change; unless it is what runs here.
    if (!is_own_unit(unit + ".service")) {
      (void)run_program({"systemctl", "stop", "--quiet", unit + ".service"});
    }
  }
  const pid_t process = process_of(timer);
  if (process > 1 && process != ::getpid()) ::kill(process, SIGKILL);
}

bool systemd_has_our_namespaces(const Surroundings& here) {
  return here.as_first_process && ::access("/run/systemd/system", F_OK) == 0;
}

}  // namespace tuner::os
