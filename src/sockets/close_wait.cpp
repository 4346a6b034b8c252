#include "sockets/close_wait.hpp"

#include <algorithm>
#include <map>

namespace tuner {

namespace {

/// The inode that leads to the process; 0 where there is none.
std::uint32_t leading_inode(const TcpSocket& socket, const std::vector<TcpListener>& listeners) {
  if (socket.inode != 0) return socket.inode;
  const auto found =
      std::find_if(listeners.begin(), listeners.end(), [&socket](const TcpListener& listener) {
        const bool fits = listener.address == socket.local || listener.address.is_wildcard();
        return listener.port == socket.local_port && fits;
      });
  return found == listeners.end() ? 0 : found->inode;
}

void add(const TcpSocket& socket, CloseWaitGroup& group) {
  if (group.sockets == 0) group.example = {socket.local, socket.local_port};
  ++group.sockets;
  if (socket.inode == 0) ++group.never_accepted;
  if (!socket.details) return;
  group.oldest = std::max(group.oldest.value_or(socket.details->last_ack_received),
                          socket.details->last_ack_received);
  group.oldest_at_most = std::max(group.oldest_at_most, socket.details->last_data_received);
}

}  // namespace

std::vector<std::uint32_t> inodes_to_find(const std::vector<TcpSocket>& sockets,
                                          const std::vector<TcpListener>& listeners) {
  std::vector<std::uint32_t> inodes;
  for (const TcpSocket& socket : sockets) {
    if (const auto inode = leading_inode(socket, listeners)) inodes.push_back(inode);
  }
  std::sort(inodes.begin(), inodes.end());
  inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
  return inodes;
}

std::vector<CloseWaitGroup> close_wait_groups(
    const std::vector<TcpSocket>& sockets, const std::vector<TcpListener>& listeners,
    const std::vector<std::uint32_t>& inodes,
    const std::vector<std::optional<SocketOwner>>& owners) {
  std::map<int, CloseWaitGroup> by_process;
  for (const TcpSocket& socket : sockets) {
    const auto inode = leading_inode(socket, listeners);
    const auto place = std::lower_bound(inodes.begin(), inodes.end(), inode);
    const bool known = inode != 0 && place != inodes.end() && *place == inode;
    const auto owner =
        known ? owners[static_cast<std::size_t>(place - inodes.begin())] : std::nullopt;
    CloseWaitGroup& group = by_process[owner ? owner->pid : 0];
    group.owner = owner;
    add(socket, group);
  }
  std::vector<CloseWaitGroup> groups;
  groups.reserve(by_process.size());
  for (auto& [pid, group] : by_process) groups.push_back(std::move(group));
  std::stable_sort(groups.begin(), groups.end(), [](const auto& left, const auto& right) {
    return left.sockets > right.sockets;
  });
  return groups;
}

}  // namespace tuner
