#include "os/recover_unit.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "os/descriptor.hpp"
#include "os/replace_file.hpp"
#include "os/safe_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

const std::string kUnit = "tuner-recover.service";
const std::string kAdmin = "/etc/systemd/system/";
const std::string kWants = kAdmin + "sysinit.target.wants";

const std::string kMark = std::string(kStateDirectory) + "/recover-enabled";

/// The directories of units, in the order in which systemd takes them (systemd.unit(5)).
constexpr std::array<const char*, 5> kDirectories = {
    "/etc/systemd/system/", "/run/systemd/system/", "/usr/local/lib/systemd/system/",
    "/usr/lib/systemd/system/", "/lib/systemd/system/"};

/// The unit's file; empty where there is none, or where it is masked: an empty file or /dev/null,
/// under whatever name.
std::string find_unit() {
  for (const char* const directory : kDirectories) {
    const std::string path = directory + kUnit;
    struct stat link = {};
    if (::lstat(path.c_str(), &link) != 0) continue;
    struct stat file = {};
    const bool filled =
        ::stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0;
    return filled ? path : std::string();
  }
  return {};
}

/// True where the link was made, false where it is there.
Result<bool> make_link(int wants, const std::string& unit) {
  if (::symlinkat(unit.c_str(), wants, kUnit.c_str()) == 0) return true;
  if (errno != EEXIST) return system_error(kWants);
  if (::faccessat(wants, kUnit.c_str(), F_OK, 0) == 0) return false;
  // A link to where the unit was once.
  if (::unlinkat(wants, kUnit.c_str(), 0) != 0 ||
      ::symlinkat(unit.c_str(), wants, kUnit.c_str()) != 0) {
    return system_error(kWants);
  }
  return true;
}

}  // namespace

Result<Enabling> enable_recovery() {
  const std::string unit = find_unit();
  const bool marked = ::access(kMark.c_str(), F_OK) == 0;
  if (unit.empty() || marked) return Enabling::not_needed;
  constexpr mode_t kDirectory = 0755;
  const bool made = ::mkdir(kWants.c_str(), kDirectory) == 0;
  if (!made && errno != EEXIST) return system_error(kWants);
  // One that is there may have been made by a run that was cut off before this.
  const Descriptor admin(::open(kAdmin.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!admin.valid() || ::fsync(admin.get()) != 0) return system_error(kAdmin);
  const Descriptor wants(::open(kWants.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!wants.valid() || (made && ::fchmod(wants.get(), kDirectory) != 0))
    return system_error(kWants);
  const auto linked = make_link(wants.get(), unit);
  if (!linked) return tl::unexpected(linked.error());
  if (::fsync(wants.get()) != 0) return system_error(kWants);
  const auto state = make_state_directory();
  if (!state) return tl::unexpected(state.error());
  constexpr unsigned kMarkMode = 0644;
  const auto written = replace_file(kMark, unit + "\n", kMarkMode);
  if (!written) return tl::unexpected(written.error());
  return *linked ? Enabling::done : Enabling::not_needed;
}

}  // namespace tuner::os
