#include "os/lasting.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "model/number.hpp"
#include "os/descriptor.hpp"
#include "os/root_directory.hpp"

namespace tuner::os {

namespace {

constexpr const char* kWithout =
    "Run it on the host, or without --confirm-within, and use tuner rollback to undo it.";

std::string link_of(const char* path) {
  std::array<char, 256> target{};
  const ssize_t length = ::readlink(path, target.data(), target.size());
  return length <= 0 ? std::string() : std::string(target.data(), static_cast<std::size_t>(length));
}

/// The namespace of the boot's first process has a number of its own: include/linux/proc_ns.h,
/// PROC_PID_INIT_INO.
bool is_first_pid_namespace() { return link_of("/proc/self/ns/pid") == "pid:[4026531836]"; }

/// Whether /proc counts processes as this one does; a container may show its host's.
bool has_own_proc() { return link_of("/proc/self") == std::to_string(::getpid()); }

/// Programs that run as long as their container does, and start the rest of it.
bool is_init(std::string_view name) {
  constexpr std::array<std::string_view, 8> kInits = {
      "systemd", "init", "openrc-init", "runit", "s6-svscan", "dinit", "procd", "shepherd"};
  return std::find(kInits.begin(), kInits.end(), name) != kInits.end();
}

Error would_end(std::string detail) {
  return {.subject = "timer", .detail = std::move(detail), .hint = kWithout};
}

constexpr const char* kManaged = "/run/systemd/system";

/// Whether systemd ends the group when a unit or a session does. Its own, init.scope, lasts.
bool is_ended_by_systemd(std::string_view group) {
  while (!group.empty()) {
    const std::string_view part = group.substr(group.rfind('/') + 1);
    const bool lasts = part == "init.scope";
    if (!lasts && (part.ends_with(".service") || part.ends_with(".scope"))) return true;
    group.remove_suffix(std::min(group.size(), part.size() + 1));
  }
  return false;
}

bool move_to(const std::string& group) {
  const Descriptor file(::open((group + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  return file.valid() && ::write(file.get(), "0", 1) == 1;
}

}  // namespace

std::optional<Error> cannot_outlive() {
  if (is_first_pid_namespace()) return std::nullopt;
  if (!has_own_proc())
    return would_end(
        "/proc shows the processes of another PID namespace, so tuner cannot tell how long the "
        "timer would last");
  if (::getpid() == 1) {
    return would_end(
        "tuner is the first process of its PID namespace; the timer would end with it");
  }
  const std::string network = link_of("/proc/1/ns/net");
  // One that was made in the container goes with it.
  if (!network.empty() && network != link_of("/proc/self/ns/net")) return std::nullopt;
  // Only the first network namespace of a boot has this key (net/core/sysctl_net_core.c,
  // net_core_table).
  if (::access("/proc/sys/net/core/netdev_max_backlog", F_OK) == 0) {
    return would_end(
        "this container uses the host's network, which outlives the container and its timer");
  }
  auto root = RootDirectory::open("/");
  const auto name = root ? root->read("proc/1/comm") : absent();
  if (name && is_init(parse::trim(*name))) return std::nullopt;
  const std::string first = name ? " (" + std::string(parse::trim(*name)) + ")" : std::string();
  return would_end("the timer would end with the first process" + first +
                   " of this PID namespace, which is not an init, and the network may outlive it");
}

std::string ending_group() {
  if (::access(kManaged, F_OK) != 0) return {};
  auto root = RootDirectory::open("/");
  const auto text = root ? root->read("proc/self/cgroup") : absent();
  if (!text) return "a group that cannot be read";
  for (const std::string_view line : parse::lines(*text)) {
    const auto at = line.find('/');
    const bool known =
        line.starts_with("0::") || line.find(":name=systemd:") != std::string_view::npos;
    if (known && at != line.npos && is_ended_by_systemd(line.substr(at))) {
      return std::string(line.substr(at));
    }
  }
  return {};
}

bool enter_lasting_group() {
  if (ending_group().empty()) return true;
  // A unit may see the groups read-only, and `ip netns exec` shows none; PID 1 sees them.
  for (const std::string root : {"", "/proc/1/root"}) {
    for (const std::string hierarchy : {"", "/systemd", "/unified"}) {
      // Where groups below it have controllers, only the boot's own root takes processes
      // (Documentation/admin-guide/cgroup-v2.rst, "No Internal Process Constraint").
      for (const std::string group : {"", "/init.scope"}) {
        std::string path = root;
        path.append("/sys/fs/cgroup").append(hierarchy).append(group);
        const bool moved = move_to(path);
        if (moved && ending_group().empty()) return true;
      }
    }
  }
  return false;
}

}  // namespace tuner::os
