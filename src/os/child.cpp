#include "os/child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "os/descriptor.hpp"
#include "os/output.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kChild = "child process";

std::string read_all_of(int file) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t length = ::read(file, buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

}  // namespace

Result<std::string> in_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error(kChild);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return system_error(kChild);
  if (child == 0) {
    const bool written = write_all(writing.get(), work(), kChild).has_value();
    ::_exit(written ? 0 : 1);
  }
  writing = Descriptor();
  std::string text = read_all_of(reading.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  return fail({.subject = kChild, .detail = "it died before it was done"});
}

}  // namespace tuner::os
