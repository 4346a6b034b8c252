#include "os/trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "model/number.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// The user behind sudo; root where there is none.
uid_t invoking_user() {
  const char* const text = ::secure_getenv("SUDO_UID");
  const auto user = text == nullptr ? std::nullopt : parse::integer<uid_t>(text);
  return user.value_or(::getuid());
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

tl::unexpected<Error> distrust(const std::string& path, const std::string& detail,
                               const std::string& hint) {
  return fail({.kind = ErrorKind::configuration, .subject = path, .detail = detail, .hint = hint});
}

Result<void> check_owner_and_mode(const struct stat& status, const std::string& path) {
  if (status.st_uid != 0 && status.st_uid != invoking_user()) {
    return distrust(path,
                    "it belongs to user " + std::to_string(status.st_uid) +
                        ", and root trusts only its own files",
                    "chown root " + path);
  }
  const bool sticky_directory = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_directory) {
    return distrust(path, "it is writable by others than its owner", "chmod go-w " + path);
  }
  return {};
}

}  // namespace

Result<void> check_trusted(int file, const std::string& path) {
  struct stat status = {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    return distrust(path, "not a regular file", "Give a profile file.");
  }
  if (::geteuid() != 0) return {};
  auto trusted = check_owner_and_mode(status, path);
  if (!trusted) return trusted;
  const std::string directory = directory_of(path);
  if (::stat(directory.c_str(), &status) != 0) {
    return system_error(directory, "Give a directory that can be read.");
  }
  return check_owner_and_mode(status, directory);
}

}  // namespace tuner::os
