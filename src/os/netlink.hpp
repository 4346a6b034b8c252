#pragma once

#include <libmnl/libmnl.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "tuner/observed.hpp"
#include "tuner/result.hpp"

/// Talking to the kernel in messages.
namespace tuner::os {

struct CloseNetlink {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using Netlink = std::unique_ptr<mnl_socket, CloseNetlink>;

/// Opens a socket to a part of the kernel: NETLINK_ROUTE, NETLINK_SOCK_DIAG. Errors: permission,
/// where something such as seccomp forbids it; failure.
Result<Netlink> open_netlink(int protocol);

/// Sends a message and hands each answer to `take`. Errors: what the kernel answers.
Result<void> talk(mnl_socket* socket, nlmsghdr* message, mnl_cb_t take, void* data);

/// A whole list of what the kernel has, on a socket of its own: `begin` makes room for it and the
/// request, `take` gets each item. A list that changed while it was read is read again. Errors: as
/// above.
Result<void> list(int protocol, const std::function<nlmsghdr*(mnl_socket*, char*)>& begin,
                  mnl_cb_t take, void* data);

/// The same as of something that is read.
Unread unread_of(const Error& error);

/// What stands in front of a message's attributes; null where the message is shorter.
template <class Header>
const Header* header_of(const nlmsghdr* message) {
  const bool whole = mnl_nlmsg_get_payload_len(message) >= sizeof(Header);
  return whole ? static_cast<const Header*>(mnl_nlmsg_get_payload(message)) : nullptr;
}

/// An attribute's number or structure. One that grows with the kernel: as much of it as came, and
/// zeros behind that.
template <class T>
T payload_as(const nlattr* attribute) {
  T value = {};
  const std::size_t size = mnl_attr_get_payload_len(attribute);
  std::memcpy(&value, mnl_attr_get_payload(attribute), std::min(size, sizeof value));
  return value;
}

/// An attribute's text, up to its first NUL or its end.
inline std::string text_in(const nlattr* attribute) {
  const char* const text = static_cast<const char*>(mnl_attr_get_payload(attribute));
  return {text, ::strnlen(text, mnl_attr_get_payload_len(attribute))};
}

/// The library's own loops are macros that only C takes.
void for_each_attribute(const void* data, std::size_t size, auto visit) {
  const auto* at = static_cast<const nlattr*>(data);
  auto left = static_cast<int>(size);
  while (mnl_attr_ok(at, left)) {
    visit(at);
    left -= static_cast<int>(MNL_ALIGN(at->nla_len));
    at = mnl_attr_next(at);
  }
}

/// Those behind a message's own header of `header` bytes.
void for_each_attribute(const nlmsghdr* message, std::size_t header, auto visit) {
  const std::size_t before = MNL_ALIGN(header);
  if (mnl_nlmsg_get_payload_len(message) < before) return;
  for_each_attribute(static_cast<const void*>(mnl_nlmsg_get_payload_offset(message, header)),
                     mnl_nlmsg_get_payload_len(message) - before, visit);
}

void for_each_nested(const nlattr* nest, auto visit) {
  for_each_attribute(static_cast<const void*>(mnl_attr_get_payload(nest)),
                     mnl_attr_get_payload_len(nest), visit);
}

}  // namespace tuner::os
