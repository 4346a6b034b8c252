#include "os/place.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "model/number.hpp"
#include "os/network_namespace.hpp"
#include "os/root_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// What makes two paths the same file; empty where it cannot be looked at.
std::string file_of(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

/// Whether PID 1 sees the same files under these names: what it starts reads and writes what this
/// process does. A unit with PrivateTmp= has mounts of its own, and yet the host's files.
bool shares_files_with_first_process() {
  if (file_of("/proc/1/root/").empty()) return false;
  for (const std::string path :
       {"/", "/etc", "/etc/sysctl.d", "/run", "/run/tuner", "/var/lib", "/var/lib/tuner"}) {
    if (file_of(path) != file_of("/proc/1/root" + path)) return false;
  }
  return file_of("/proc/1/root" + path_of_program()) == file_of("/proc/self/exe");
}

/// Without the right to look at PID 1, a key tells that only the first namespace of a boot has.
bool is_first_namespace() {
  const auto first = file_of("/proc/1/ns/net");
  if (first.empty()) return ::access("/proc/sys/net/core/netdev_max_backlog", F_OK) == 0;
  return first == file_of("/proc/self/ns/net");
}

/// Empty where no such file.
Result<std::string> line_of(RootDirectory& root, const std::string& path) {
  const auto text = root.read(path);
  if (text) return std::string(parse::trim(*text));
  if (text.error().why == Unread::Why::absent) return std::string();
  return fail({.subject = '/' + path, .detail = "cannot be read: " + unread_text(text.error())});
}

/// Of the login, which neither sudo nor su changes; 2^32-1 where nobody logged in.
std::optional<uid_t> login_user(RootDirectory& root) {
  const auto number = parse::integer<uid_t>(line_of(root, "proc/self/loginuid").value_or(""));
  if (number && *number != static_cast<uid_t>(-1)) return number;
  const char* const sudo = ::secure_getenv("SUDO_UID");
  return sudo == nullptr ? std::nullopt : parse::integer<uid_t>(sudo);
}

}  // namespace

Result<Surroundings> read_surroundings() {
  Surroundings found;
  auto root = RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  auto machine = line_of(*root, "etc/machine-id");
  if (!machine) return tl::unexpected(machine.error());
  auto boot = line_of(*root, "proc/sys/kernel/random/boot_id");
  if (!boot) return tl::unexpected(boot.error());
  if (boot->empty()) {
    return fail({.subject = "/proc/sys/kernel/random/boot_id",
                 .detail = "cannot be read: no such file",
                 .hint = "Run it where /proc/sys is visible: tuner needs the boot ID."});
  }
  found.place.machine = std::move(*machine);
  found.place.boot = std::move(*boot);
  found.place.network_namespace = file_of("/proc/self/ns/net");
  if (found.place.network_namespace.empty()) return system_error("/proc/self/ns/net");
  found.place.network_cookie = network_cookie();
  found.place.first_process = start_of_process(1);
  found.place.first_namespace = is_first_namespace();
  found.as_first_process = found.place.first_namespace && !file_of("/proc/1/ns/net").empty() &&
                           shares_files_with_first_process();
  return found;
}

/// The directory that is there of those above a path, itself included; compared with what PID 1 has
/// there, or, where that cannot be seen, with the file system of the root.
bool is_borrowed(const std::string& path) {
  if (is_first_namespace()) return false;
  std::string directory = path;
  while (directory.size() > 1 && file_of(directory).empty()) {
    directory.resize(std::max<std::size_t>(directory.rfind('/'), 1));
  }
  const std::string own = file_of(directory);
  if (!file_of("/proc/1/root/").empty()) return own == file_of("/proc/1/root" + directory);
  const auto device = [](const std::string& file) { return file.substr(0, file.find(':')); };
  return device(own) == device(file_of("/"));
}

Actor read_actor() {
  Actor actor;
  auto root = RootDirectory::open("/");
  auto command = root ? root->read("proc/self/cmdline") : Observed<std::string>(absent());
  if (command) {
    // The words end in NULs.
    if (command->ends_with('\0')) command->pop_back();
    std::replace(command->begin(), command->end(), '\0', ' ');
    actor.command = std::move(*command);
  }
  const uid_t user = root ? login_user(*root).value_or(::getuid()) : ::getuid();
  const passwd* const entry = ::getpwuid(user);
  actor.user = entry == nullptr ? std::to_string(user) : entry->pw_name;
  return actor;
}

std::string path_of_program() {
  constexpr std::size_t kLongest = 4095;  // what the kernel gives of a link
  std::array<char, kLongest + 1> path{};
  const ssize_t length = ::readlink("/proc/self/exe", path.data(), kLongest);
  return length <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(length));
}

std::string start_of_process(int process) {
  auto root = RootDirectory::open("/");
  if (!root) return {};
  const auto text = root->read("proc/" + std::to_string(process) + "/stat");
  if (!text) return {};
  // The second field is the name in brackets, which may hold anything.
  const auto name_end = text->rfind(')');
  if (name_end == std::string::npos) return {};
  const auto fields = parse::words(std::string_view(*text).substr(name_end + 1));
  constexpr std::size_t kStart = 22 - 3;
  const bool ended =
      fields.empty() || fields[0] == "Z" || fields[0] == "X";  // nobody waited for it
  return !ended && fields.size() > kStart ? std::string(fields[kStart]) : std::string();
}

}  // namespace tuner::os
