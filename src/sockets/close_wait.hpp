#pragma once

#include <optional>
#include <vector>

#include "tuner/sockets.hpp"

namespace tuner {

/// The inodes, in rising order, whose holders tell who left these CLOSE_WAIT sockets open: their
/// own; for one that nobody has accepted yet, those of the listeners of its port.
std::vector<std::uint32_t> inodes_to_find(const std::vector<TcpSocket>& sockets,
                                          const std::vector<TcpListener>& listeners);

/// The sockets by process, the largest group first; `owners` belongs to `inodes`.
std::vector<CloseWaitGroup> close_wait_groups(
    const std::vector<TcpSocket>& sockets, const std::vector<TcpListener>& listeners,
    const std::vector<std::uint32_t>& inodes,
    const std::vector<std::optional<SocketOwner>>& owners);

}  // namespace tuner
