#include "os/safe_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/system_error.hpp"

namespace tuner::os {

namespace {

tl::unexpected<Error> planted(const std::string& path, const std::string& detail) {
  return fail({.subject = path,
               .detail = detail,
               .hint = "Find out who created it, move it away, and try again."});
}

}  // namespace

Result<Descriptor> open_own_directory(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.valid()) {
    if (errno == ELOOP || errno == ENOTDIR)
      return planted(path, "not a directory created by tuner");
    return system_error(path);
  }
  struct stat status = {};
  if (::fstat(directory.get(), &status) != 0) return system_error(path);
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return planted(path, "it belongs to user " + std::to_string(status.st_uid));
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return planted(path, "it is writable by others than its owner");
  }
  return directory;
}

Result<Descriptor> make_own_directory(const std::string& path, unsigned mode) {
  const bool made = ::mkdir(path.c_str(), mode) == 0;
  if (!made && errno != EEXIST) return system_error(path);
  // One that is there may have been made by a run that was cut off before this.
  const std::string parent = path.substr(0, path.rfind('/'));
  const Descriptor above(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!above.valid() || ::fsync(above.get()) != 0) return system_error(parent);
  auto directory = open_own_directory(path);
  // The umask is the caller's, and the directory is everybody's.
  if (directory && made && ::fchmod(directory->get(), mode) != 0) return system_error(path);
  return directory;
}

Result<Descriptor> make_state_directory() {
  constexpr unsigned kMode = 0755;
  return make_own_directory(kStateDirectory, kMode);
}

}  // namespace tuner::os
