#include "os/child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kChild = "child process";

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
  auto text = read_all(reading.get(), kChild);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!text || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) return text;
  return fail({.subject = kChild, .detail = "it died before it was done"});
}

}  // namespace tuner::os
