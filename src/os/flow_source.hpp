#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "os/netlink.hpp"
#include "tuner/flows.hpp"

namespace tuner::os {

/// A connection as the kernel names it, to be asked for again.
struct FlowName {
  std::uint8_t family = 0;
  std::array<std::byte, 48> id{};  ///< struct inet_diag_sockid, with the cookie
};

/// A connection at one moment.
struct ListedFlow {
  FlowName name{};
  std::uint64_t cookie = 0;  ///< of the socket, never given twice
  Endpoint local{};
  Endpoint remote{};
  std::uint32_t inode = 0;
  FlowLook look{};
};

/// Hands on every connection that can move data. One of which the kernel tells too little, as
/// before Linux 4.10, is passed over. Unread: netlink is refused.
Observed<void> for_each_flow(const std::function<void(const ListedFlow&)>& take);

/// Asks for single connections.
class FlowReader {
 public:
  static Observed<FlowReader> open();

  /// No value where the connection has ended.
  std::optional<FlowLook> look(const FlowName& name);

 private:
  explicit FlowReader(Netlink socket) : socket_(std::move(socket)) {}

  Netlink socket_;
};

}  // namespace tuner::os
