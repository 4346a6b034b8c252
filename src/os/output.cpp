#include "os/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "os/descriptor.hpp"

namespace tuner::os {

namespace {

tl::unexpected<Error> output_error(const std::string& name) {
  const int number = errno;
  const bool denied = number == EACCES || number == EPERM || number == EROFS;
  return fail({.kind = denied ? ErrorKind::permission : ErrorKind::failure,
               .subject = name,
               .detail = std::strerror(number),
               .way_out = "Give a file that can be written."});
}

/// The new content beside the old file, so that a rename replaces it.
Result<void> write_beside(const std::string& path, std::string_view text, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.valid()) return output_error(path);
  auto written = write_all(file.get(), text, path);
  if (written && (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0 ||
                  ::rename(temporary.c_str(), path.c_str()) != 0)) {
    written = output_error(path);
  }
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace

Result<void> write_all(int descriptor, std::string_view text, const std::string& name) {
  while (!text.empty()) {
    const ssize_t length = ::write(descriptor, text.data(), text.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return output_error(name);
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view text) {
  struct stat status = {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  if (there && !S_ISREG(status.st_mode)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.valid()) return output_error(path);
    return write_all(file.get(), text, path);
  }
  if (!there) {
    constexpr mode_t kNewFile = 0644;
    return write_beside(path, text, kNewFile);
  }
  // The file itself is replaced, not a link to it.
  const std::unique_ptr<char, decltype(&std::free)> target(::realpath(path.c_str(), nullptr),
                                                           &std::free);
  return write_beside(target ? target.get() : path, text, status.st_mode & 0777);
}

}  // namespace tuner::os
