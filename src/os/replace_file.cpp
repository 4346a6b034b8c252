#include "os/replace_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>

#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

struct Parts {
  std::string folder;
  std::string name;
};

Parts parts_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return {path.substr(0, slash), path.substr(slash + 1)};
}

/// Hidden, and not ending in ".conf": procps reads hidden files that do.
std::string temporary_name(const std::string& name) { return '.' + name + ".tuner-new"; }

Result<Descriptor> open_folder(const std::string& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) return system_error(folder);
  return opened;
}

Result<Descriptor> make_folder(const std::string& folder) {
  auto opened = open_folder(folder);
  if (opened || ::access(folder.c_str(), F_OK) == 0) return opened;
  const auto above = make_folder(parts_of(folder).folder);
  if (!above) return tl::unexpected(above.error());
  constexpr unsigned kMode = 0755;
  // A folder that a power cut takes away takes what is in it.
  if (::mkdir(folder.c_str(), kMode) != 0 || ::fsync(above->get()) != 0) {
    return system_error(folder);
  }
  opened = open_folder(folder);
  if (opened && ::fchmod(opened->get(), kMode) != 0) return system_error(folder);
  return opened;
}

struct Names {
  const std::string& path;  ///< for errors
  std::string name;
  std::string temporary;
};

/// Written beside, dressed, synced, renamed, and the folder synced.
template <class Dress>
Result<void> replace_in(int folder, const Names& names, std::string_view text, unsigned mode,
                        Dress dress) {
  const Descriptor file(::openat(folder, names.temporary.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file.valid()) return system_error(names.path);
  auto written = write_all(file.get(), text, names.path);
  if (written && (!dress(file.get()) || ::fsync(file.get()) != 0 ||
                  ::renameat(folder, names.temporary.c_str(), folder, names.name.c_str()) != 0 ||
                  ::fsync(folder) != 0)) {
    written = system_error(names.path);
  }
  if (!written) ::unlinkat(folder, names.temporary.c_str(), 0);
  return written;
}

Result<void> discard_in(int folder, const std::string& path, const std::string& temporary) {
  if (::unlinkat(folder, temporary.c_str(), 0) == 0 || errno == ENOENT) return {};
  return system_error(parts_of(path).folder + '/' + temporary, "Move it away.");
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
                 .detail = link ? "it is a link, and tuner replaces only regular files"
                                : "it is no regular file",
                 .way_out = "Move it away, and run the command again."});
  }
  auto text = read_all(file.get(), path);
  if (!text) return tl::unexpected(text.error());
  constexpr unsigned kModeBits = 07777;
  return FileContent{.text = std::move(*text), .mode = status.st_mode & kModeBits};
}

Result<void> replace_file(const std::string& path, std::string_view text, unsigned mode) {
  const Parts parts = parts_of(path);
  const std::string temporary = temporary_name(parts.name);
  const auto folder = make_folder(parts.folder);
  if (!folder) return tl::unexpected(folder.error());
  if (auto discarded = discard_in(folder->get(), path, temporary); !discarded) return discarded;
  const auto change_mode = [mode](int file) { return ::fchmod(file, mode) == 0; };
  return replace_in(folder->get(), {.path = path, .name = parts.name, .temporary = temporary}, text,
                    mode, change_mode);
}

Result<void> replace_output(const std::string& path, std::string_view text,
                            const struct stat* old) {
  constexpr unsigned kNewFile = 0666;  // less the umask
  constexpr unsigned kModeBits = 07777;
  const Parts parts = parts_of(path);
  const auto folder = open_folder(parts.folder.empty() ? "/" : parts.folder);
  if (!folder) return tl::unexpected(folder.error());
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
  return replace_in(folder->get(),
                    {.path = path,
                     .name = parts.name,
                     .temporary = fmt::format(".{}.{:016x}", parts.name, noise)},
                    text, old == nullptr ? kNewFile : 0600, dress_as_old);
}

Result<void> remove_file(const std::string& path) {
  const Parts parts = parts_of(path);
  const auto folder = open_folder(parts.folder);
  if (!folder) return {};
  if (::unlinkat(folder->get(), parts.name.c_str(), 0) != 0 && errno != ENOENT) {
    return system_error(path);
  }
  if (::fsync(folder->get()) != 0) return system_error(path);
  if (parts.folder.ends_with(".service.d")) ::rmdir(parts.folder.c_str());
  return {};
}

Result<void> discard_temporary(const std::string& path) {
  const Parts parts = parts_of(path);
  const auto folder = open_folder(parts.folder);
  if (!folder) return {};
  return discard_in(folder->get(), path, temporary_name(parts.name));
}

}  // namespace tuner::os
