#include "os/network_namespace.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "model/number.hpp"
#include "os/files.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr const char* kNamed = "/run/netns";

std::string path_of_process(int pid) { return "/proc/" + std::to_string(pid) + "/ns/net"; }

ino_t inode_of(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

/// Looked at before it is opened: opening a pipe waits, and opening a device may do something.
Result<Descriptor> open_path(const std::string& path, const std::string& shown,
                             const std::string& hint) {
  const Descriptor there(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct statfs system = {};
  if (!there.valid() || ::fstatfs(there.get(), &system) != 0) return system_error(shown, hint);
  const auto none = [&] {
    return fail({.subject = shown, .detail = "not a network namespace", .hint = hint});
  };
  if (system.f_type != NSFS_MAGIC) return none();
  Descriptor network(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!network.valid()) return system_error(shown, hint);
  if (::ioctl(network.get(), NS_GET_NSTYPE) != CLONE_NEWNET) return none();
  return network;
}

/// Whether a path lies on the file system of namespaces: a name that `ip netns` left behind does
/// not.
bool is_namespace(const std::string& path) {
  struct statfs system = {};
  return ::statfs(path.c_str(), &system) == 0 && system.f_type == NSFS_MAGIC;
}

/// The names of `ip netns` by inode. That there is no directory of them is no error.
Result<std::map<ino_t, std::string>> read_names() {
  std::map<ino_t, std::string> names;
  const auto listed = list_directory(kNamed);
  if (!listed && listed.error().number != ENOENT) return tl::unexpected(listed.error());
  for (const std::string& name : listed.value_or(std::vector<std::string>())) {
    const std::string path = std::string(kNamed) + '/' + name;
    if (is_namespace(path)) names.emplace(inode_of(path), name);
  }
  return names;
}

Result<std::vector<int>> read_pids() {
  const auto names = list_directory("/proc");
  if (!names) return tl::unexpected(names.error());
  std::vector<int> pids;
  for (const std::string& name : *names) {
    if (const auto pid = parse::integer<int>(name)) pids.push_back(*pid);
  }
  std::sort(pids.begin(), pids.end());
  return pids;
}

std::string comm_of(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/comm";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto comm = file.valid() ? read_all(file.get(), path) : system_error(path);
  return comm ? std::string(parse::trim(*comm)) : std::string();
}

}  // namespace

Result<Descriptor> open_network(const std::string& name) {
  const bool is_path = name.find('/') != std::string::npos;
  return open_path(is_path ? name : std::string(kNamed) + '/' + name, name,
                   "Give a name from ip netns list, or a path such as /proc/PID/ns/net.");
}

Result<Descriptor> open_network_of(int pid) {
  const std::string path = path_of_process(pid);
  const std::string process = "/proc/" + std::to_string(pid);
  if (::access(process.c_str(), F_OK) != 0 && errno == ENOENT) {
    return fail({.subject = "process " + std::to_string(pid),
                 .detail = "no such process",
                 .hint = "Give the PID of a running process; lsns -t net lists some."});
  }
  return open_path(path, path, "Run it as root.");
}

Result<void> enter_network(const Descriptor& network) {
  if (::setns(network.get(), CLONE_NEWNET) == 0) return {};
  return system_error("network namespace",
                      "Entering another namespace requires root (CAP_SYS_ADMIN).");
}

Result<Networks> list_networks() {
  Networks networks;
  auto listed = read_names();
  if (!listed) networks.unread_names = listed.error();
  auto names = listed.value_or(std::map<ino_t, std::string>());
  const auto pids = read_pids();
  if (!pids) return tl::unexpected(pids.error());
  std::map<ino_t, std::size_t> places;
  for (const int pid : *pids) {
    const std::string path = path_of_process(pid);
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) {
      if (errno == EACCES || errno == EPERM) ++networks.unseen;
      continue;
    }
    const auto [place, fresh] = places.try_emplace(status.st_ino, networks.seen.size());
    if (fresh) {
      auto name = names.extract(status.st_ino);
      Network network{.inode = status.st_ino, .pid = pid, .comm = comm_of(pid)};
      if (!name.empty()) {
        network.name = name.mapped();
        network.paths.push_back(std::string(kNamed) + '/' + network.name);
      }
      networks.seen.push_back(std::move(network));
    }
    constexpr std::size_t kWays = 4;  // should the first of its processes end meanwhile
    Network& network = networks.seen[place->second];
    if (network.paths.size() < kWays) network.paths.push_back(path);
    ++network.processes;
  }
  std::map<std::string, ino_t> empty;  // by name
  for (const auto& [inode, name] : names) empty.emplace(name, inode);
  for (const auto& [name, inode] : empty) {
    networks.seen.push_back(
        {.paths = {std::string(kNamed) + '/' + name}, .inode = inode, .name = name});
  }
  const ino_t own = own_network();
  std::stable_partition(networks.seen.begin(), networks.seen.end(),
                        [own](const Network& network) { return network.inode == own; });
  return networks;
}

Result<Descriptor> open_listed(const Network& network) {
  Result<Descriptor> opened = fail({.subject = network.name, .detail = "nothing refers to it"});
  for (const std::string& path : network.paths) {
    opened = open_path(path, path, {});
    struct stat status = {};
    if (!opened) continue;
    if (::fstat(opened->get(), &status) == 0 && status.st_ino == network.inode) return opened;
    opened = fail({.subject = path, .detail = "the namespace is gone"});
  }
  return opened;
}

std::uint64_t network_cookie() {
#ifndef SO_NETNS_COOKIE
  constexpr int SO_NETNS_COOKIE = 71;  // include/uapi/asm-generic/socket.h
#endif
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  const bool told = ::getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) == 0;
  return told ? cookie : 0;
}

ino_t own_network() { return inode_of("/proc/self/ns/net"); }

}  // namespace tuner::os
