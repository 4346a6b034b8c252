#include "os/waiting_process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "model/number.hpp"
#include "os/child.hpp"
#include "os/descriptor.hpp"
#include "os/lasting.hpp"
#include "os/place.hpp"
#include "os/ready.hpp"
#include "os/root_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kSelf = "/proc/self/exe";
constexpr std::string_view kProcess = "process:";

// What the process in the middle ends with.
constexpr int kNoGroup = 2;
constexpr int kLimited = 3;

/// What a session was limited to must not keep the way back from its work: it writes files, opens
/// some, and takes its time. Root may raise limits, but for root that was denied CAP_SYS_RESOURCE.
/// Whether enough is left.
bool take_limits_off() {
  constexpr rlimit kNone = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  for (const auto resource : {RLIMIT_FSIZE, RLIMIT_CPU, RLIMIT_AS, RLIMIT_DATA, RLIMIT_NPROC}) {
    ::setrlimit(resource, &kNone);
  }
  constexpr rlimit kFiles = {.rlim_cur = 1024, .rlim_max = 4096};
  ::setrlimit(RLIMIT_NOFILE, &kFiles);
  constexpr rlim_t kJournal = 1 << 20;
  rlimit size = {};
  return ::getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_cur >= kJournal;
}

/// A host that runs out of memory takes other processes first (proc_pid_oom_score_adj(5)).
void stay_in_memory_pressure() {
  const Descriptor score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (score.valid()) (void)!::write(score.get(), "-1000", 5);
}

/// The order matters: descriptors first, since the lock of the run is one of them and would be held
/// until the timer ends; signals before the mask is lifted, or one that was pending would end the
/// timer; the directory last, so that no file system stays busy for it.
void leave_everything() {
  silence();
  constexpr unsigned kFirst = 3;
  if (::syscall(SYS_close_range, kFirst, ~0U, 0) != 0) {
    const long open_max = ::sysconf(_SC_OPEN_MAX);
    for (int file = kFirst; file < open_max; ++file) ::close(file);
  }
  // A terminal or a session that ends does not end it. SIGTERM does: it comes at a shutdown, which
  // must not be kept waiting, and leaves the change to the boot's recovery.
  take_no_stray_signals();
  ::signal(SIGTERM, SIG_DFL);
  take_all_signals();
  (void)!::chdir("/");
}

/// Becomes the process that waits.
[[noreturn]] void wait_for_it(const std::string& id, const std::string& at) {
  leave_everything();
  stay_in_memory_pressure();
  ::execl(kSelf, "tuner", "recover", "--expire", id.c_str(), "--at", at.c_str(),
          static_cast<char*>(nullptr));
  ::_exit(1);
}

}  // namespace

Result<std::string> leave_waiting(const std::string& id, std::chrono::milliseconds at) {
  const auto failed = [](std::string detail) {
    return fail({.subject = "timer",
                 .detail = std::move(detail),
                 .hint = "Nothing was changed. Without --confirm-within no timer is needed."});
  };
  auto ready = ReadySocket::open();
  if (!ready) return failed(ready.error().message());
  const std::string time = std::to_string(at.count());
  const pid_t middle = ::fork();
  if (middle == 0) {
    // A session of its own, and then a process that is not even its leader.
    ::setsid();
    ::setenv("NOTIFY_SOCKET", ready->name().c_str(), 1);
    if (!enter_lasting_group()) ::_exit(kNoGroup);
    if (!take_limits_off()) ::_exit(kLimited);
    const pid_t timer = ::fork();
    if (timer == 0) wait_for_it(id, time);
    ::_exit(timer < 0 ? 1 : 0);
  }
  int status = 0;
  while (middle > 0 && ::waitpid(middle, &status, 0) < 0 && errno == EINTR) {
  }
  const int end = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  if (end == kNoGroup) {
    return failed("systemd would kill it together with " + ending_group() +
                  ", and it can join no other control group");
  }
  if (end == kLimited) {
    return failed("the file size limit (ulimit -f) is too low and cannot be raised");
  }
  constexpr auto kPatience = std::chrono::seconds(5);
  const pid_t timer = middle > 0 && end == 0 ? ready->wait(kPatience) : 0;
  const std::string start = timer > 0 ? start_of_process(timer) : std::string();
  if (start.empty()) return failed("cannot start a background process to wait");
  return std::string(kProcess) + std::to_string(timer) + ':' + start;
}

/// Mappings of files without pages of their own, as /proc/PID/smaps has them: relocated data is not
/// in the file.
void take_little_memory() {
  constexpr int kHexadecimal = 16;
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  const auto look = [&](std::string_view line) {
    const auto blank = line.find(' ');
    const auto dash = line.substr(0, blank).find('-');
    if (dash != std::string_view::npos) {
      const auto address = [](std::string_view word) {
        return parse::integer<std::uintptr_t>(word, kHexadecimal).value_or(0);
      };
      const bool file = line.find(" /") != std::string_view::npos;
      begin = file ? address(line.substr(0, dash)) : 0;
      end = file ? address(line.substr(dash + 1, blank - dash - 1)) : 0;
    } else if (begin < end && line.starts_with("Anonymous:") && line.ends_with(" 0 kB")) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): /proc writes addresses as numbers.
      ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return true;
  };
  auto root = RootDirectory::open("/");
  if (root) (void)root->read_lines("proc/self/smaps", look);
  ::malloc_trim(0);
}

int waiting_process(std::string_view timer) {
  if (!timer.starts_with(kProcess)) return 0;
  const std::string_view rest = timer.substr(kProcess.size());
  const auto colon = rest.find(':');
  const auto process = parse::integer<pid_t>(rest.substr(0, colon));
  if (!process || colon == rest.npos) return 0;
  return start_of_process(*process) == rest.substr(colon + 1) ? *process : 0;
}

}  // namespace tuner::os
