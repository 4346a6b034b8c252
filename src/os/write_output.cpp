#include "os/write_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "model/number.hpp"
#include "os/files.hpp"
#include "os/replace_file.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// A path without links, but for those of /proc, which lead to what a process has open.
struct Target {
  std::string directory;
  std::string name;

  [[nodiscard]] std::string path() const { return directory + '/' + name; }
  [[nodiscard]] bool is_open_already() const { return directory.starts_with("/proc/"); }
};

std::string canonical(const std::string& directory) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(directory.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : std::string();
}

std::string link_text(const std::string& path) {
  std::array<char, PATH_MAX> text{};
  const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
  return length <= 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(length));
}

/// A link in a directory such as /tmp that is neither this user's nor the directory's owner's: the
/// kernel would not follow it either, with fs.protected_symlinks = 1.
bool is_planted(const Target& link) {
  struct stat directory = {};
  struct stat own = {};
  if (::stat(link.directory.c_str(), &directory) != 0 || ::lstat(link.path().c_str(), &own) != 0) {
    return false;
  }
  constexpr mode_t kOpen = S_ISVTX | S_IWOTH;
  return (directory.st_mode & kOpen) == kOpen && own.st_uid != ::geteuid() &&
         own.st_uid != directory.st_uid;
}

/// Follows links up to the file, one by one: realpath(3) would take a descriptor for the file
/// behind it.
Result<Target> resolve(std::string path) {
  constexpr int kMostLinks = 40;  // as the kernel
  for (int links = 0; links < kMostLinks; ++links) {
    const auto slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    Target target{.directory = canonical(directory), .name = path.substr(slash + 1)};
    if (target.directory.empty()) return system_error(path);
    if (target.name.empty()) return system_error(path, {}, EISDIR);
    if (target.is_open_already()) return target;
    const std::string next = link_text(target.path());
    if (next.empty()) return target;
    if (is_planted(target)) return system_error(target.path(), {}, EACCES);
    path = next.starts_with('/') ? next : target.directory + '/' + next;
  }
  return system_error(path, {}, ELOOP);
}

/// The path has been resolved: whoever puts a link into its place meanwhile is not followed.
Result<void> write_to(const std::string& path, int flags, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | flags));
  if (!file.valid()) return system_error(path);
  return write_all(file.get(), text, path);
}

/// A descriptor of this process, which knows its place in the file; of another, behind what is
/// there.
Result<void> write_behind(const Target& target, std::string_view text) {
  const auto own = parse::integer<int>(target.name);
  if (own && target.directory == "/proc/" + std::to_string(::getpid()) + "/fd") {
    return write_all(*own, text, target.path());
  }
  return write_to(target.path(), O_APPEND, text);
}

Result<void> write_target(const Target& target, std::string_view text) {
  if (target.is_open_already()) return write_behind(target, text);
  struct stat old = {};
  const std::string path = target.path();
  if (::lstat(path.c_str(), &old) != 0) return replace_output(path, text, nullptr);
  if (!S_ISREG(old.st_mode)) return write_to(path, O_NOFOLLOW, text);
  auto replaced = replace_output(path, text, &old);
  if (replaced) return replaced;
  // An owner or a group that cannot be given, a directory where nothing can be made, a mount.
  const int why = replaced.error().number;
  const bool in_place = why == EPERM || why == EACCES || why == EROFS || why == EBUSY;
  return in_place ? write_to(path, O_TRUNC | O_NOFOLLOW, text) : replaced;
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view text) {
  const auto target = resolve(path);
  auto written = target ? write_target(*target, text) : tl::unexpected(target.error());
  if (!written) {
    written.error().subject = path;
    written.error().hint = "Give a file that can be written.";
  }
  return written;
}

}  // namespace tuner::os
