#include "os/recover_unit.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string>

#include "os/descriptor.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

const std::string kUnit = "tuner-recover.service";
const std::string kAdmin = "/etc/systemd/system/";
const std::string kWants = kAdmin + "sysinit.target.wants";

/// The folders of units, in the order in which systemd takes them (systemd.unit(5)).
constexpr std::array<const char*, 4> kFolders = {
    "/etc/systemd/system/", "/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
    "/lib/systemd/system/"};

bool is_masked(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  return length >= 0 && std::string(target, static_cast<std::size_t>(length)) == "/dev/null";
}

/// The unit's file; empty where there is none, or where it is masked.
std::string find_unit() {
  for (const char* const folder : kFolders) {
    const std::string path = folder + kUnit;
    struct stat what = {};
    if (::lstat(path.c_str(), &what) == 0) return is_masked(path) ? std::string() : path;
  }
  return {};
}

}  // namespace

Result<void> enable_recovery() {
  const std::string unit = find_unit();
  if (unit.empty()) return {};
  constexpr mode_t kFolder = 0755;
  if (::mkdir(kWants.c_str(), kFolder) != 0 && errno != EEXIST) return system_error(kWants);
  const Descriptor wants(::open(kWants.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!wants.valid()) return system_error(kWants);
  if (::symlinkat(unit.c_str(), wants.get(), kUnit.c_str()) != 0) {
    if (errno == EEXIST) return {};
    return system_error(kWants);
  }
  if (::fsync(wants.get()) != 0) return system_error(kWants);
  return {};
}

}  // namespace tuner::os
