#include "os/input.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tuner::os {

Result<std::string> read_all(int descriptor) {
  constexpr std::size_t kChunk = std::size_t{64} * 1024;
  std::string text;
  std::string buffer(kChunk, '\0');
  while (true) {
    const ssize_t length = ::read(descriptor, buffer.data(), buffer.size());
    if (length == 0) return text;
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return fail({.subject = "standard input", .detail = std::strerror(errno)});
    text.append(buffer, 0, static_cast<std::size_t>(length));
  }
}

}  // namespace tuner::os
