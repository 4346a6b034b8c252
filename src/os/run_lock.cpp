#include "os/run_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>

#include "model/number.hpp"
#include "os/files.hpp"
#include "os/root_directory.hpp"
#include "os/safe_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kLockName = "lock";
constexpr const char* kPath = "/run/tuner/lock";

std::string text_of_lock(int file) {
  std::array<char, 512> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  return length <= 0 ? std::string()
                     : std::string(parse::trim({text.data(), static_cast<std::size_t>(length)}));
}

tl::unexpected<Error> held_by(const std::string& holder) {
  const auto space = holder.find(' ');
  return fail({.kind = ErrorKind::busy,
               .subject = kPath,
               .detail = holder.empty()
                             ? "another tuner process holds the lock"
                             : "another tuner process holds the lock: PID " +
                                   holder.substr(0, space) + ", \"" +
                                   holder.substr(std::min(space, holder.size() - 1) + 1) + '"',
               .hint = "Try again when it has finished."});
}

/// Interrupts system calls once a time has passed, and again from then on: the first signal may
/// come just before a call begins.
class Alarm {
 public:
  explicit Alarm(std::chrono::milliseconds after) {
    struct sigaction interrupt = {};
    interrupt.sa_handler = [](int) {};  // without SA_RESTART
    ::sigaction(SIGALRM, &interrupt, &before_);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &alarm, &mask_);  // whoever started this may have held it
    sigevent event = {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    constexpr long kAgain = 100'000'000;  // nanoseconds
    itimerspec when = {.it_interval = {.tv_sec = 0, .tv_nsec = kAgain}, .it_value = time_of(after)};
    running_ = ::timer_create(CLOCK_BOOTTIME, &event, &timer_) == 0 &&
               ::timer_settime(timer_, 0, &when, nullptr) == 0;
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() {
    if (running_) ::timer_delete(timer_);
    ::sigaction(SIGALRM, &before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

  [[nodiscard]] bool is_running() const { return running_; }

 private:
  static timespec time_of(std::chrono::milliseconds time) {
    constexpr long kMilliseconds = 1000;
    constexpr long kNanoseconds = 1'000'000;
    return {.tv_sec = time.count() / kMilliseconds,
            .tv_nsec = time.count() % kMilliseconds * kNanoseconds};
  }

  timer_t timer_{};
  struct sigaction before_ = {};
  sigset_t mask_{};
  bool running_ = false;
};

/// Sleeps until the lock is free, and no longer than `patience`.
Result<void> lock_within(int file, std::chrono::milliseconds patience) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return system_error(kPath);
  if (patience <= std::chrono::milliseconds(0)) return held_by(text_of_lock(file));
  const Alarm alarm(patience);
  if (!alarm.is_running()) return system_error("timer");
  if (::flock(file, LOCK_EX) == 0) return {};
  return errno == EINTR ? Result<void>(held_by(text_of_lock(file))) : system_error(kPath);
}

}  // namespace

Result<RunLock> RunLock::take(const std::string& command, std::chrono::milliseconds patience) {
  constexpr unsigned kDirectoryMode = 0755;
  // Whoever can open the file can hold the lock, and so keep the timer from its work.
  constexpr unsigned kFileMode = 0600;
  const auto directory = make_own_directory(kRunDirectory, kDirectoryMode);
  if (!directory) return tl::unexpected(directory.error());
  Descriptor file(::openat(directory->get(), kLockName,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kFileMode));
  struct stat status = {};
  const bool planted = errno == ELOOP || errno == ENXIO || errno == EISDIR;
  if (!file.valid() && !planted) return system_error(kPath);
  if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      ::fchmod(file.get(), kFileMode) != 0) {
    return fail({.subject = kPath,
                 .detail = "not a file created by tuner",
                 .hint = "Find out who created it, move it away, and try again."});
  }
  if (auto locked = lock_within(file.get(), patience); !locked)
    return tl::unexpected(locked.error());
  struct stat present = {};
  if (::fstatat(directory->get(), kLockName, &present, AT_SYMLINK_NOFOLLOW) != 0 ||
      present.st_ino != status.st_ino) {
    return fail({.kind = ErrorKind::busy,
                 .subject = kPath,
                 .detail = "it was replaced in the meantime",
                 .hint = "Try again."});
  }
  // Who holds it is a help for others; the lock holds without it, on a full disk too.
  if (::ftruncate(file.get(), 0) == 0) {
    const std::string holder = std::to_string(::getpid()) + ' ' + command + '\n';
    (void)write_all(file.get(), holder, kPath);
  }
  return RunLock(std::move(file));
}

/// A line is "1: FLOCK  ADVISORY  WRITE PID MAJOR:MINOR:INODE 0 EOF" (fs/locks.c
/// lock_get_status()).
bool RunLock::is_held() {
  struct stat status = {};
  auto root = RootDirectory::open("/");
  const auto text = root ? root->read("proc/locks") : absent();
  if (!text || ::stat(kPath, &status) != 0) return false;
  const std::string file =
      fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
  for (const std::string_view line : parse::lines(*text)) {
    const auto words = parse::words(line);
    constexpr std::size_t kFile = 5;
    // A run that waits for it has "->" for its second word.
    if (words.size() > kFile && words[1] == "FLOCK" && words[kFile] == file) return true;
  }
  return false;
}

}  // namespace tuner::os
