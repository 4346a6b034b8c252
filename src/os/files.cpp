#include "os/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// For what another process made non-blocking, or was opened so.
bool wait_for(int descriptor, short events) {
  pollfd waiting = {.fd = descriptor, .events = events, .revents = 0};
  return ::poll(&waiting, 1, -1) > 0;
}

}  // namespace

Result<std::string> read_all(int descriptor, const std::string& subject, std::size_t most,
                             Pipes pipes) {
  constexpr std::size_t kChunk = std::size_t{16} * 1024;
  char buffer[kChunk];
  std::string text;
  while (true) {
    const ssize_t length = ::read(descriptor, buffer, sizeof buffer);
    if (length == 0) return text;
    if (length < 0 && errno == EINTR) continue;
    const bool waits = length < 0 && errno == EAGAIN && pipes == Pipes::awaited;
    if (waits && wait_for(descriptor, POLLIN)) continue;
    if (length < 0) return system_error(subject);
    text.append(buffer, static_cast<std::size_t>(length));
    if (text.size() > most) return system_error(subject, {}, EFBIG);
  }
}

Result<std::string> read_named_file(const std::string& path, std::size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) return system_error(path);
  return read_all(file.get(), path, most);
}

Result<void> write_all(int descriptor, std::string_view text, const std::string& subject) {
  while (!text.empty()) {
    const ssize_t length = ::write(descriptor, text.data(), text.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN && wait_for(descriptor, POLLOUT)) continue;
    if (length < 0) return system_error(subject);
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return {};
}

DirectoryStream open_directory_stream(int at, const char* path) {
  Descriptor opened(::openat(at, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
  if (!opened.valid()) return nullptr;
  DirectoryStream stream(::fdopendir(opened.get()));
  if (stream) (void)opened.release();
  return stream;
}

Result<std::vector<std::string>> list_directory_at(int at, const char* path,
                                                   const std::string& subject) {
  const DirectoryStream stream = open_directory_stream(at, path);
  if (!stream) return system_error(subject);
  std::vector<std::string> names;
  while (true) {
    errno = 0;  // readdir(3) returns null at the end too
    const dirent* const entry = ::readdir(stream.get());
    if (entry == nullptr && errno != 0) return system_error(subject);
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<std::string>> list_directory(const std::string& path) {
  return list_directory_at(AT_FDCWD, path.c_str(), path);
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

bool is_directory(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace tuner::os
