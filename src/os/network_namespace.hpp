#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// Opens a network namespace: by the name that `ip netns` gave it, or by a path where `name` holds
/// a slash. Errors: there is none; permission.
Result<Descriptor> open_network(const std::string& name);

/// The one of a process.
Result<Descriptor> open_network_of(int pid);

/// Goes over to it, for good: what this process reads below /proc/net and /proc/sys/net from then
/// on, and its netlink sockets, belong to it. Errors: permission.
Result<void> enter_network(const Descriptor& network);

/// A network namespace with processes in it, or a name.
struct Network {
  /// What leads to it, as long as the name or the process is there; the name first, since processes
  /// end.
  std::vector<std::string> paths{};
  ino_t inode = 0;
  std::string name{};  ///< of `ip netns`; empty where it has none
  int pid = 0;         ///< the first process in it; 0 where it has none
  std::string comm{};
  std::int64_t processes = 0;
};

struct Networks {
  std::vector<Network> seen{};  ///< the caller's first, then by their first processes, then by name
  std::int64_t unseen = 0;      ///< processes whose namespace this user may not know
  std::optional<Error> unread_names{};  ///< why the names of `ip netns` are not known
};

/// Every one that is to be found from here. None is held open: there may be thousands. Errors:
/// /proc cannot be read.
Result<Networks> list_networks();

/// Opens one of them. Errors: it is gone, and another one may have its path; permission.
Result<Descriptor> open_listed(const Network& network);

/// The inode of this process's own.
ino_t own_network();

/// What tells it from every other namespace of this boot (SO_NETNS_COOKIE, Linux 5.14); 0 before.
std::uint64_t network_cookie();

}  // namespace tuner::os
