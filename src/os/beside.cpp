#include "os/beside.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

PathParts parts_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::string temporary_name(const std::string& name) { return '.' + name + ".tuner-new"; }

Result<Descriptor> open_directory(const std::string& directory) {
  Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) return system_error(directory);
  return opened;
}

Result<Descriptor> make_directory(const std::string& directory) {
  auto opened = open_directory(directory);
  if (opened || ::access(directory.c_str(), F_OK) == 0) return opened;
  const auto above = make_directory(parts_of(directory).directory);
  if (!above) return tl::unexpected(above.error());
  constexpr unsigned kMode = 0755;
  // A directory that a power cut takes away takes what is in it.
  if (::mkdir(directory.c_str(), kMode) != 0 || ::fsync(above->get()) != 0) {
    return system_error(directory);
  }
  opened = open_directory(directory);
  if (opened && ::fchmod(opened->get(), kMode) != 0) return system_error(directory);
  return opened;
}

Result<void> write_beside(int directory, const BesideNames& names, std::string_view text,
                          unsigned mode, const std::function<bool(int)>& dress) {
  const Descriptor file(::openat(directory, names.temporary.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file.valid()) return system_error(names.path);
  auto written = write_all(file.get(), text, names.path);
  if (written && (!dress(file.get()) || ::fsync(file.get()) != 0)) {
    written = system_error(names.path);
  }
  if (!written) ::unlinkat(directory, names.temporary.c_str(), 0);
  return written;
}

Result<void> discard_beside(int directory, const std::string& path, const std::string& temporary) {
  if (::unlinkat(directory, temporary.c_str(), 0) == 0 || errno == ENOENT) return {};
  return system_error(parts_of(path).directory + '/' + temporary, "Move it away.");
}

}  // namespace tuner::os
