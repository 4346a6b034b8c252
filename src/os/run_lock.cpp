#include "os/run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "core/parse/number.hpp"
#include "os/files.hpp"
#include "os/safe_folder.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kLockName = "lock";
constexpr const char* kPath = "/run/tuner/lock";
constexpr auto kPause = std::chrono::milliseconds(5);

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
                             ? "another run of tuner is at work"
                             : "another run of tuner is at work: process " +
                                   holder.substr(0, space) + ", \"" +
                                   holder.substr(std::min(space, holder.size() - 1) + 1) + '"',
               .way_out = "Wait for it to end, and run the command again."});
}

}  // namespace

Result<RunLock> RunLock::take(const std::string& command, std::chrono::milliseconds patience) {
  constexpr unsigned kFolderMode = 0755;
  // Whoever can open the file can hold the lock, and so keep the timer from its work.
  constexpr unsigned kFileMode = 0600;
  const auto folder = make_own_folder(kRunFolder, kFolderMode);
  if (!folder) return tl::unexpected(folder.error());
  Descriptor file(::openat(folder->get(), kLockName,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kFileMode));
  struct stat status = {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      ::fchmod(file.get(), kFileMode) != 0) {
    return fail({.subject = kPath,
                 .detail = "it is no file of tuner's own",
                 .way_out = "Look who made it, move it away, and run the command again."});
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error(kPath);
    if (std::chrono::steady_clock::now() >= deadline) return held_by(text_of_lock(file.get()));
    std::this_thread::sleep_for(kPause);
  }
  struct stat present = {};
  if (::fstatat(folder->get(), kLockName, &present, AT_SYMLINK_NOFOLLOW) != 0 ||
      present.st_ino != status.st_ino) {
    return fail({.kind = ErrorKind::busy,
                 .subject = kPath,
                 .detail = "somebody replaced it meanwhile",
                 .way_out = "Run the command again."});
  }
  // Who holds it is a help for others; the lock holds without it, on a full disk too.
  if (::ftruncate(file.get(), 0) == 0) {
    const std::string holder = std::to_string(::getpid()) + ' ' + command + '\n';
    (void)write_all(file.get(), holder, kPath);
  }
  return RunLock(std::move(file));
}

}  // namespace tuner::os
