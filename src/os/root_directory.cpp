#include "os/root_directory.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr std::string_view kSysctlDirectory = "proc/sys/";

constexpr int kToRead = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kToLook = O_PATH | O_CLOEXEC;

/// The kernel allocates and clears a buffer as large as the reader's for each sysctl, so nearly all
/// of them are read into a small one: 144 keys cost 0.4 ms instead of 2.1 ms.
constexpr std::size_t kSmallRead = 4000;

/// Larger than the longest sysctl, a bitmap of ports as ranges.
constexpr std::size_t kLargeRead = std::size_t{256} * 1024;

/// A tree may come from anybody, and one of ten thousand may not take the memory of all. The
/// longest file that a kernel or a package fills is a few hundred KiB.
constexpr std::size_t kEndlessInTree = std::size_t{4} << 20;

/// The kernel's own are some hundred bytes long.
constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

/// A list that does not fit is cut before an element, without a sign: a value that comes this near
/// to the end of the buffer may have been.
constexpr std::size_t kLongestElement = 64;

tl::unexpected<Unread> unread(int error) { return tl::unexpected(unread_of_errno(error)); }

/// The length of one read from the start of the file, or -errno.
ssize_t read_once(int file, char* buffer, std::size_t size) {
  ssize_t length = -1;
  do {
    length = ::pread(file, buffer, size, 0);
  } while (length < 0 && errno == EINTR);
  return length < 0 ? -errno : length;
}

Observed<std::string> read_large_sysctl(int file) {
  std::string content(kLargeRead, '\0');
  const ssize_t length = read_once(file, content.data(), content.size());
  if (length < 0) return unread(static_cast<int>(-length));
  content.resize(static_cast<std::size_t>(length));
  if (content.size() == kLargeRead) return malformed("it is longer than 256 KiB");
  return content;
}

Observed<std::string> read_sysctl(int file) {
  char buffer[kSmallRead];
  const ssize_t length = read_once(file, buffer, sizeof buffer);
  if (length < 0) return unread(static_cast<int>(-length));
  const auto bytes = static_cast<std::size_t>(length);
  if (bytes + kLongestElement >= sizeof buffer) return read_large_sysctl(file);
  return std::string(buffer, bytes);
}

Observed<std::string> read_to_end(int file, std::size_t most, Pipes pipes) {
  auto text = read_all(file, {}, most, pipes);
  if (text) return std::move(*text);
  if (text.error().number == EAGAIN) {
    return unreadable("it is a pipe, and reading it would block");
  }
  if (text.error().number != EFBIG) return unread(text.error().number);
  return malformed("it does not end within " + std::to_string(most >> 20) + " MiB");
}

}  // namespace

Result<RootDirectory> RootDirectory::open(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) {
    return system_error(path, "Give a directory that holds proc/sys/net.");
  }
  struct stat root = {};
  struct stat given = {};
  const bool live = ::stat("/", &root) == 0 && ::fstat(directory.get(), &given) == 0 &&
                    root.st_dev == given.st_dev && root.st_ino == given.st_ino;
  return RootDirectory(std::move(directory), live);
}

RootDirectory::RootDirectory(Descriptor directory, bool live)
    : directory_(std::move(directory)), live_(live) {
  // Most of what is read lies there: a shorter walk for each of it.
  if (live_) sysctls_ = Descriptor(::openat(directory_.get(), "proc/sys", O_PATH | O_CLOEXEC));
}

int RootDirectory::open_below(const char* path, int flags) const {
  if (live_ && sysctls_.valid() && std::string_view(path).starts_with(kSysctlDirectory)) {
    return ::openat(sysctls_.get(), path + kSysctlDirectory.size(), flags);
  }
  if (live_) return ::openat(directory_.get(), path, flags);
  open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory_.get(), path, &how, sizeof how));
}

Observed<std::string> RootDirectory::read(const std::string& path) {
  const Descriptor file(open_below(path.c_str(), kToRead));
  if (!file.valid()) return unread(errno);
  if (path.starts_with(kSysctlDirectory)) return read_sysctl(file.get());
  return read_to_end(file.get(), live_ ? kEndless : kEndlessInTree, Pipes::refused);
}

Observed<std::string> RootDirectory::read_named(const std::string& path) {
  const Descriptor file(open_below(path.c_str(), kToRead));
  if (!file.valid()) return unread(errno);
  return read_to_end(file.get(), live_ ? kEndless : kEndlessInTree, Pipes::awaited);
}

Observed<std::vector<std::string>> RootDirectory::list(const std::string& directory) {
  const Descriptor below(open_below(directory.c_str(), kToRead | O_DIRECTORY));
  if (!below.valid()) return unread(errno);
  auto names = list_directory_at(below.get(), ".", directory);
  if (!names) return unread(names.error().number);
  return std::move(*names);
}

Observed<FileStatus> RootDirectory::status(const std::string& path) {
  const Descriptor file(open_below(path.c_str(), kToLook));
  struct stat what = {};
  if (!file.valid() && (errno == ELOOP || errno == ENOTDIR)) {
    return FileStatus{.kind = FileStatus::Kind::unreachable};
  }
  if (!file.valid() || ::fstat(file.get(), &what) != 0) return unread(errno);
  FileStatus status{.kind = FileStatus::Kind::other,
                    .owner_reads = (what.st_mode & S_IRUSR) != 0,
                    .owner_writes = (what.st_mode & S_IWUSR) != 0};
  if (S_ISREG(what.st_mode)) status.kind = FileStatus::Kind::file;
  if (S_ISDIR(what.st_mode)) status.kind = FileStatus::Kind::directory;
  return status;
}

bool RootDirectory::is_read_only(const std::string& path) {
  const Descriptor file(open_below(path.c_str(), kToLook));
  struct statvfs mount = {};
  return file.valid() && ::fstatvfs(file.get(), &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
}

Observed<std::string> RootDirectory::link(const std::string& path) {
  const Descriptor file(open_below(path.c_str(), kToLook | O_NOFOLLOW));
  if (!file.valid()) return unread(errno);
  std::array<char, PATH_MAX> text{};
  const ssize_t length = ::readlinkat(file.get(), "", text.data(), text.size());
  if (length < 0) return absent();
  return std::string(text.data(), static_cast<std::size_t>(length));
}

Observed<void> RootDirectory::read_lines(const std::string& path,
                                         const std::function<bool(std::string_view)>& take) {
  constexpr std::size_t kChunk = std::size_t{64} * 1024;
  const Descriptor file(open_below(path.c_str(), kToRead));
  if (!file.valid()) return unread(errno);
  std::string pending;
  std::size_t searched = 0;  // of `pending`: no line ends there
  std::string buffer(kChunk, '\0');
  while (true) {
    const ssize_t length = ::read(file.get(), buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return unread(errno);
    if (length == 0) break;
    pending.append(buffer, 0, static_cast<std::size_t>(length));
    std::size_t start = 0;
    for (auto end = pending.find('\n', searched); end != std::string::npos;
         end = pending.find('\n', start)) {
      if (!take(std::string_view(pending).substr(start, end - start))) return {};
      start = end + 1;
    }
    pending.erase(0, start);
    if (pending.size() > kLongestLine) return malformed("a line is longer than 64 KiB");
    searched = pending.size();
  }
  if (!pending.empty()) take(pending);
  return {};
}

}  // namespace tuner::os
