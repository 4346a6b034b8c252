#include "os/root_directory.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

namespace tuner::os {

namespace {

/// Larger than the longest sysctl, a bitmap of ports as ranges: a shorter read would cut it.
constexpr std::size_t kReadSize = std::size_t{256} * 1024;

tl::unexpected<Unread> unread(int error) {
  if (error == ENOENT || error == ENOTDIR) return absent();
  if (error == EACCES || error == EPERM) return not_permitted();
  return malformed(std::strerror(error));
}

ErrorKind kind_of(int error) {
  return error == EACCES || error == EPERM ? ErrorKind::permission : ErrorKind::failure;
}

}  // namespace

Result<RootDirectory> RootDirectory::open(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) {
    return fail({.kind = kind_of(errno),
                 .subject = path,
                 .detail = std::strerror(errno),
                 .way_out = "Give a directory that holds proc/sys/net.",
                 .position = {},
                 .key = {}});
  }
  struct stat root = {};
  struct stat given = {};
  const bool live = ::stat("/", &root) == 0 && ::fstat(directory.get(), &given) == 0 &&
                    root.st_dev == given.st_dev && root.st_ino == given.st_ino;
  return RootDirectory(std::move(directory), live);
}

RootDirectory::RootDirectory(Descriptor directory, bool live)
    : directory_(std::move(directory)), live_(live), buffer_(kReadSize) {}

int RootDirectory::open_below(const char* path) const {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  if (live_) return ::openat(directory_.get(), path, kFlags);
  open_how how = {};
  how.flags = kFlags;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory_.get(), path, &how, sizeof how));
}

Observed<std::string> RootDirectory::read(const std::string& path) {
  const Descriptor file(open_below(path.c_str()));
  if (!file.valid()) return unread(errno);
  const bool sysctl = path.starts_with("proc/sys/");
  std::string content;
  while (true) {
    const ssize_t length = ::read(file.get(), buffer_.data(), buffer_.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return unread(errno);
    content.append(buffer_.data(), static_cast<std::size_t>(length));
    if (length == 0 || (sysctl && static_cast<std::size_t>(length) < buffer_.size())) {
      return content;
    }
  }
}

}  // namespace tuner::os
