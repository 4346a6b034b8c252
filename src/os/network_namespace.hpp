#pragma once

#include <sys/types.h>

#include <cstdint>
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

/// A network namespace with processes in it.
struct Network {
  Descriptor open{};  ///< so that it stays, whoever ends meanwhile
  ino_t inode = 0;
  std::string name{};  ///< of `ip netns`; empty where it has none
  int pid = 0;         ///< the first process in it
  std::string comm{};
  std::int64_t processes = 0;
};

/// Every one that this user may see, the caller's first, then by their first processes.
std::vector<Network> list_networks();

/// The inode of this process's own.
ino_t own_network();

/// What tells it from every other namespace of this boot (SO_NETNS_COOKIE, Linux 5.14); 0 before.
std::uint64_t network_cookie();

}  // namespace tuner::os
