#include "os/replace_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "os/beside.hpp"
#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// Written beside, renamed, and the directory synced.
Result<void> replace_in(int directory, const BesideNames& names, std::string_view text,
                        unsigned mode, const std::function<bool(int)>& dress) {
  auto written = write_beside(directory, names, text, mode, dress);
  if (!written) return written;
  if (::renameat(directory, names.temporary.c_str(), directory, names.name.c_str()) == 0 &&
      ::fsync(directory) == 0) {
    return {};
  }
  written = system_error(names.path);
  ::unlinkat(directory, names.temporary.c_str(), 0);
  return written;
}

}  // namespace

Result<std::optional<FileContent>> read_whole(const std::string& path) {
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status = {};
  if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  const bool link = !file.valid() && errno == ELOOP;
  if (!file.valid() && !link) return system_error(path);
  if (link || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail({.subject = path,
                 .detail = link ? "it is a symlink; tuner replaces only regular files"
                                : "not a regular file",
                 .hint = "Move it away, and try again."});
  }
  auto text = read_all(file.get(), path);
  if (!text) return tl::unexpected(text.error());
  constexpr unsigned kModeBits = 07777;
  return FileContent{.text = std::move(*text), .mode = status.st_mode & kModeBits};
}

Result<void> replace_file(const std::string& path, std::string_view text, unsigned mode) {
  const PathParts parts = parts_of(path);
  const std::string temporary = temporary_name(parts.name);
  const auto directory = make_directory(parts.directory);
  if (!directory) return tl::unexpected(directory.error());
  if (auto discarded = discard_beside(directory->get(), path, temporary); !discarded)
    return discarded;
  const auto change_mode = [mode](int file) { return ::fchmod(file, mode) == 0; };
  return replace_in(directory->get(), {.path = path, .name = parts.name, .temporary = temporary},
                    text, mode, change_mode);
}

Result<void> replace_output(const std::string& path, std::string_view text,
                            const struct stat* old) {
  constexpr unsigned kNewFile = 0666;  // less the umask
  constexpr unsigned kModeBits = 07777;
  const PathParts parts = parts_of(path);
  const auto directory = open_directory(parts.directory.empty() ? "/" : parts.directory);
  if (!directory) return tl::unexpected(directory.error());
  std::uint64_t noise = 0;
  if (::getrandom(&noise, sizeof noise, 0) != sizeof noise) return system_error(path);
  const auto dress_as_old = [old](int file) {
    struct stat own = {};
    if (old == nullptr) return true;
    if (::fstat(file, &own) != 0) return false;
    const bool same = own.st_uid == old->st_uid && own.st_gid == old->st_gid;
    return (same || ::fchown(file, old->st_uid, old->st_gid) == 0) &&
           ::fchmod(file, old->st_mode & kModeBits) == 0;
  };
  return replace_in(directory->get(),
                    {.path = path,
                     .name = parts.name,
                     .temporary = fmt::format(".{}.{:016x}", parts.name, noise)},
                    text, old == nullptr ? kNewFile : 0600, dress_as_old);
}

}  // namespace tuner::os
