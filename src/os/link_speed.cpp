#include "os/link_speed.hpp"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>
#include <span>

#include "model/number.hpp"
#include "os/files.hpp"
#include "os/netlink.hpp"

namespace tuner::os {

namespace {

constexpr std::size_t kIpv4Bytes = 4;

int take_interface(const nlmsghdr* message, void* data) {
  if (message->nlmsg_type != RTM_NEWROUTE) return MNL_CB_OK;
  for_each_attribute(message, sizeof(rtmsg), [data](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) != RTA_OIF) return;
    *static_cast<std::uint32_t*>(data) = payload_as<std::uint32_t>(attribute);
  });
  return MNL_CB_STOP;
}

/// The index of the interface that a route leaves by; 0 where there is none.
std::uint32_t interface_towards(const Address& address) {
  const auto socket = open_netlink(NETLINK_ROUTE);
  if (!socket) return 0;
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
  message->nlmsg_type = RTM_GETROUTE;
  message->nlmsg_flags = NLM_F_REQUEST;
  auto* const route = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  const std::span<const std::uint8_t> bytes =
      address.is_ipv4() ? std::span(address.bytes).last(kIpv4Bytes) : std::span(address.bytes);
  route->rtm_family = address.is_ipv4() ? AF_INET : AF_INET6;
  route->rtm_dst_len = static_cast<std::uint8_t>(bytes.size() * 8);
  mnl_attr_put(message, RTA_DST, bytes.size(), bytes.data());
  std::uint32_t index = 0;
  (void)talk(socket->get(), message, take_interface, &index);
  return index;
}

}  // namespace

std::optional<LinkSpeed> link_towards(const Address& address) {
  std::array<char, IF_NAMESIZE> name{};
  const std::uint32_t index = interface_towards(address);
  if (index == 0 || ::if_indextoname(index, name.data()) == nullptr) return std::nullopt;
  const std::string directory = std::string("/sys/class/net/") + name.data();
  if (!file_exists(directory + "/device")) return std::nullopt;
  const auto text = read_named_file(directory + "/speed");
  const auto megabits = parse::integer(parse::trim(text.value_or("")));
  if (!megabits || *megabits <= 0) return std::nullopt;
  return LinkSpeed{.name = name.data(),
                   .bits_per_second = static_cast<std::uint64_t>(*megabits) * 1'000'000};
}

}  // namespace tuner::os
