#include "os/filled_directory.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr unsigned kOwnDirectory = 0700;
constexpr unsigned kDirectoryBelow = 0755;
constexpr unsigned kOwnFile = 0600;

tl::unexpected<Error> unfit(const std::string& path, std::string detail) {
  return fail({.subject = path,
               .detail = std::move(detail),
               .hint = "Give a directory that does not exist yet."});
}

/// Without following links, which may lead out of the directory.
Result<void> remove_all_in(int directory, const std::string& subject) {
  const auto names = list_directory_at(directory, ".", subject);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    std::string path = subject;
    path.append("/").append(name);
    if (::unlinkat(directory, name.c_str(), 0) == 0) continue;
    if (errno != EISDIR) return system_error(path);
    const Descriptor below(
        ::openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!below.valid()) return system_error(path);
    if (auto emptied = remove_all_in(below.get(), path); !emptied) return emptied;
    if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) != 0) return system_error(path);
  }
  return {};
}

/// The last part of a path.
const char* last_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
}

}  // namespace

Result<FilledDirectory> FilledDirectory::open(const std::string& given) {
  auto directory = claim(given, kOwnDirectory);
  if (!directory) return directory;
  const auto names = directory->names(".");
  if (!names) return tl::unexpected(names.error());
  if (!names->empty()) return unfit(directory->path_, "it exists and is not empty");
  return directory;
}

Result<FilledDirectory> FilledDirectory::claim(const std::string& given, unsigned mode) {
  // Behind a slash, a link would be followed.
  const std::string path =
      given.substr(0, std::max(given.find_last_not_of('/') + 1, std::size_t{1}));
  const bool made = ::mkdir(path.c_str(), mode) == 0;
  if (!made && errno != EEXIST)
    return system_error(path, "Give a path where a directory can be created.");
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.valid() && (errno == ENOTDIR || errno == ELOOP)) {
    return unfit(path, "it exists but is not a directory");
  }
  struct stat status = {};
  if (!directory.valid() || ::fstat(directory.get(), &status) != 0) {
    return system_error(path, "Give a directory that can be read.");
  }
  if (status.st_uid != ::geteuid()) {
    return unfit(path, "it belongs to user " + std::to_string(status.st_uid) +
                           ", who could change what is written there");
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return unfit(path, "it is writable by others than its owner");
  }
  return FilledDirectory(std::move(directory), path);
}

Result<Descriptor> FilledDirectory::open_beneath(const std::string& path, std::uint64_t flags,
                                                 unsigned mode) const {
  open_how how = {};
  how.flags = flags | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  Descriptor opened(
      static_cast<int>(::syscall(SYS_openat2, directory_.get(), path.c_str(), &how, sizeof how)));
  if (!opened.valid()) return system_error(shown(path));
  return opened;
}

Result<void> FilledDirectory::make(const std::string& path) {
  std::size_t start = 0;  // of the part that comes next
  std::string above = ".";
  while (start < path.size()) {
    const auto end = std::min(path.find('/', start), path.size());
    const std::string name = path.substr(start, end - start);
    const auto directory = open_beneath(above, O_PATH | O_DIRECTORY, 0);
    if (!directory) return tl::unexpected(directory.error());
    if (::mkdirat(directory->get(), name.c_str(), kDirectoryBelow) != 0 && errno != EEXIST) {
      return system_error(shown(path));
    }
    above = path.substr(0, end);
    start = end + 1;
  }
  const auto made = open_beneath(above, O_PATH | O_DIRECTORY, 0);
  return made ? Result<void>() : tl::unexpected(made.error());
}

Result<void> FilledDirectory::write(const std::string& path, std::string_view text, unsigned mode) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) {
    if (auto made = make(path.substr(0, slash)); !made) return made;
  }
  const auto file = open_beneath(path, O_WRONLY | O_CREAT | O_EXCL, kOwnFile);
  if (!file) return tl::unexpected(file.error());
  if (auto written = write_all(file->get(), text, shown(path)); !written) return written;
  if (::fchmod(file->get(), mode) != 0) return system_error(shown(path));
  return {};
}

Result<Descriptor> FilledDirectory::open_above(const std::string& path) const {
  const auto slash = path.rfind('/');
  return open_beneath(slash == std::string::npos ? "." : path.substr(0, slash),
                      O_PATH | O_DIRECTORY, 0);
}

Result<void> FilledDirectory::link(const std::string& path, const std::string& text) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) {
    if (auto made = make(path.substr(0, slash)); !made) return made;
  }
  const auto directory = open_above(path);
  if (!directory) return tl::unexpected(directory.error());
  if (::symlinkat(text.c_str(), directory->get(), last_of(path)) != 0) {
    return system_error(shown(path));
  }
  return {};
}

Result<std::vector<std::string>> FilledDirectory::names(const std::string& path) const {
  const auto directory = open_beneath(path, O_RDONLY | O_DIRECTORY, 0);
  if (!directory) return tl::unexpected(directory.error());
  return list_directory_at(directory->get(), ".", shown(path));
}

Result<bool> FilledDirectory::begins_with(const std::string& path, std::string_view head) const {
  const auto file = open_beneath(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  if (!file && file.error().number == ELOOP) return false;
  if (!file) return tl::unexpected(file.error());
  struct stat status = {};
  if (::fstat(file->get(), &status) != 0) return system_error(shown(path));
  if (!S_ISREG(status.st_mode)) return false;
  std::string text(head.size(), '\0');
  const ssize_t length = ::pread(file->get(), text.data(), text.size(), 0);
  if (length < 0) return system_error(shown(path));
  return std::string_view(text).substr(0, static_cast<std::size_t>(length)) == head;
}

Result<void> FilledDirectory::move(const std::string& path, const std::string& to) {
  const auto from = open_above(path);
  if (!from) return tl::unexpected(from.error());
  const auto target = open_above(to);
  if (!target) return tl::unexpected(target.error());
  if (::renameat(from->get(), last_of(path), target->get(), last_of(to)) != 0) {
    return system_error(shown(to));
  }
  return {};
}

Result<void> FilledDirectory::remove(const std::string& path) {
  const auto directory = open_above(path);
  if (!directory) return tl::unexpected(directory.error());
  if (::unlinkat(directory->get(), last_of(path), 0) != 0) return system_error(shown(path));
  return {};
}

Result<void> FilledDirectory::clear() { return remove_all_in(directory_.get(), path_); }

}  // namespace tuner::os
