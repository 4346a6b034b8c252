#include "os/routes.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "model/number.hpp"
#include "os/netlink.hpp"
#include "os/root_directory.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// A route as the kernel sent it, and what is seen in it.
struct Listed {
  DefaultRoute route{};
  rtmsg header{};
  std::vector<std::uint8_t> attributes{};  ///< as they came, padding included
  std::uint32_t metric = 0;
  std::int64_t expires_ticks = 0;  ///< of an IPv6 route that ends by itself
};

std::string address(int family, const nlattr* attribute) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto bytes = payload_as<in6_addr>(attribute);  // an IPv4 address is its beginning
  const char* const found = ::inet_ntop(family, &bytes, text.data(), text.size());
  return found == nullptr ? std::string() : std::string(found);
}

RouteWindows windows_in(const nlattr* metrics) {
  RouteWindows windows;
  for_each_nested(metrics, [&windows](const nlattr* inner) {
    if (mnl_attr_get_type(inner) == RTAX_INITCWND)
      windows.initcwnd = payload_as<std::uint32_t>(inner);
    if (mnl_attr_get_type(inner) == RTAX_INITRWND)
      windows.initrwnd = payload_as<std::uint32_t>(inner);
  });
  return windows;
}

/// Reads one attribute into what is shown and what forbids a change.
void take_attribute(Listed& listed, const nlattr* attribute, std::string& via) {
  DefaultRoute& route = listed.route;
  const int family = listed.header.rtm_family;
  switch (mnl_attr_get_type(attribute)) {
    case RTA_GATEWAY:
      via = " via " + address(family, attribute);
      break;
    case RTA_OIF: {
      std::array<char, IF_NAMESIZE> name{};
      if (::if_indextoname(payload_as<std::uint32_t>(attribute), name.data()) != nullptr) {
        route.device = name.data();
      }
      break;
    }
    case RTA_PRIORITY:
      listed.metric = payload_as<std::uint32_t>(attribute);
      break;
    case RTA_METRICS:
      route.windows = windows_in(attribute);
      break;
    case RTA_MULTIPATH:
      route.left = "it has several next hops";
      break;
    case RTA_NH_ID:
      route.left = "it belongs to a nexthop object";
      break;
    case RTA_ENCAP:
      route.left = "it encapsulates";
      break;
    case RTA_CACHEINFO:
      listed.expires_ticks = payload_as<rta_cacheinfo>(attribute).rta_expires;
      break;
    default:
      break;
  }
}

/// Zebra and what is numbered behind it, but DHCP: routing daemons, which set their routes again.
bool is_daemons(std::uint8_t protocol) {
  constexpr std::uint8_t kDhcp = 16;
  constexpr std::uint8_t kFirst = RTPROT_GATED;
  return protocol >= kFirst && protocol != kDhcp && protocol != RTPROT_RA;
}

int take_route(const nlmsghdr* message, void* data) {
  auto& routes = *static_cast<std::vector<Listed>*>(data);
  const auto* const header = header_of<rtmsg>(message);
  if (header == nullptr) return MNL_CB_OK;
  const bool wanted = message->nlmsg_type == RTM_NEWROUTE && header->rtm_dst_len == 0 &&
                      header->rtm_table == RT_TABLE_MAIN && header->rtm_type == RTN_UNICAST &&
                      (header->rtm_flags & RTM_F_CLONED) == 0;
  if (!wanted) return MNL_CB_OK;
  Listed listed{.header = *header};
  std::string via;
  const auto* const first =
      static_cast<const std::uint8_t*>(mnl_nlmsg_get_payload_offset(message, sizeof *header));
  const std::size_t before = MNL_ALIGN(sizeof *header);
  const std::size_t size = std::max(mnl_nlmsg_get_payload_len(message), before) - before;
  listed.attributes.assign(first, first + size);
  for_each_attribute(message, sizeof *header,
                     [&](const nlattr* attribute) { take_attribute(listed, attribute, via); });
  DefaultRoute& route = listed.route;
  if (header->rtm_protocol == RTPROT_RA) route.left = "it comes from router advertisements";
  if (is_daemons(header->rtm_protocol)) route.left = "a routing daemon sets it";
  route.shown =
      (header->rtm_family == AF_INET ? "default" : "IPv6 default") + via + " dev " + route.device;
  if (listed.metric != 0) route.shown += " metric " + std::to_string(listed.metric);
  route.identity = route.shown + " protocol " + std::to_string(header->rtm_protocol) + " tos " +
                   std::to_string(header->rtm_tos);
  routes.push_back(std::move(listed));
  return MNL_CB_OK;
}

/// The kernel replaces the first of several with one metric, which may be another one.
void leave_ambiguous(std::vector<Listed>& routes) {
  const auto same = [](const Listed& one, const Listed& other) {
    return one.header.rtm_family == other.header.rtm_family && one.metric == other.metric &&
           one.header.rtm_tos == other.header.rtm_tos;
  };
  for (Listed& listed : routes) {
    const auto count = std::count_if(routes.begin(), routes.end(),
                                     [&](const Listed& other) { return same(listed, other); });
    if (count > 1 && listed.route.left.empty()) {
      listed.route.left = "another default route has the same metric";
    }
  }
}

/// Asks for one family's routes. A kernel that checks requests (4.20) leaves out all other tables
/// by itself: the local one has three routes for each address.
nlmsghdr* put_request(mnl_socket* socket, char* buffer, int family) {
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer);
  message->nlmsg_type = RTM_GETROUTE;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* const header = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  header->rtm_family = static_cast<unsigned char>(family);
  int on = 1;
  const bool strict = mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0;
  if (strict) header->rtm_table = RT_TABLE_MAIN;
  return message;
}

Result<std::vector<Listed>> list_routes() {
  std::vector<Listed> routes;
  for (const int family : {AF_INET, AF_INET6}) {
    std::vector<Listed> found;
    const auto begin = [family, &found](mnl_socket* socket, char* buffer) {
      found.clear();
      return put_request(socket, buffer, family);
    };
    const auto listed = list(NETLINK_ROUTE, begin, take_route, &found);
    // A checked request says so where a namespace has no main table yet.
    const bool no_table = !listed && errno == ENOENT;
    if (!listed && !no_table) return tl::unexpected(listed.error());
    routes.insert(routes.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
  }
  leave_ambiguous(routes);
  return routes;
}

/// Who sets the route up again, at the next boot or lease.
std::string owner_of(RootDirectory& root, const std::string& device) {
  const std::string index = std::to_string(::if_nametoindex(device.c_str()));
  if (root.status("run/systemd/netif/links/" + index)) return "systemd-networkd";
  if (root.status("run/NetworkManager/devices/" + index)) return "NetworkManager";
  const auto interfaces = root.read("etc/network/interfaces");
  if (!interfaces) return {};
  for (const auto line : parse::lines(*interfaces)) {
    const auto words = parse::words(line);
    if (words.size() > 1 && words[0] == "iface" && words[1] == device) return "ifupdown";
  }
  return {};
}

/// The metrics but the windows, as they came, and the windows anew.
void put_metrics(nlmsghdr* message, const nlattr* old, RouteWindows windows) {
  nlattr* const nest = mnl_attr_nest_start(message, RTA_METRICS);
  if (old != nullptr) {
    for_each_nested(old, [message](const nlattr* inner) {
      const auto type = mnl_attr_get_type(inner);
      if (type == RTAX_INITCWND || type == RTAX_INITRWND) return;
      mnl_attr_put(message, type, mnl_attr_get_payload_len(inner), mnl_attr_get_payload(inner));
    });
  }
  if (windows.initcwnd != 0) mnl_attr_put_u32(message, RTAX_INITCWND, windows.initcwnd);
  if (windows.initrwnd != 0) mnl_attr_put_u32(message, RTAX_INITRWND, windows.initrwnd);
  mnl_attr_nest_end(message, nest);
}

/// The whole route again: what a message does not say, a replaced route loses.
Result<void> send_changed(mnl_socket* socket, const Listed& listed, RouteWindows windows) {
  alignas(nlmsghdr) std::array<char, 4096> buffer{};
  nlmsghdr* const message = mnl_nlmsg_put_header(buffer.data());
  message->nlmsg_type = RTM_NEWROUTE;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE;
  auto* const header = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(rtmsg)));
  *header = listed.header;
  header->rtm_flags &= RTNH_F_ONLINK;  // the others are the kernel's own
  const nlattr* metrics = nullptr;
  const void* const told = listed.attributes.data();
  for_each_attribute(told, listed.attributes.size(), [&](const nlattr* at) {
    const auto type = mnl_attr_get_type(at);
    if (type == RTA_METRICS) metrics = at;
    if (type == RTA_METRICS || type == RTA_CACHEINFO || type == RTA_EXPIRES) return;
    mnl_attr_put(message, type, mnl_attr_get_payload_len(at), mnl_attr_get_payload(at));
  });
  const long ticks = ::sysconf(_SC_CLK_TCK);
  if (listed.header.rtm_family == AF_INET6 && listed.expires_ticks > 0 && ticks > 0) {
    mnl_attr_put_u32(message, RTA_EXPIRES,
                     static_cast<std::uint32_t>(listed.expires_ticks / ticks));
  }
  put_metrics(message, metrics, windows);
  return talk(socket, message, nullptr, nullptr);
}

}  // namespace

Result<std::vector<DefaultRoute>> read_default_routes() {
  auto listed = list_routes();
  if (!listed) return tl::unexpected(listed.error());
  auto root = RootDirectory::open("/");
  std::vector<DefaultRoute> routes;
  for (Listed& entry : *listed) {
    if (root) entry.route.owner = owner_of(*root, entry.route.device);
    routes.push_back(std::move(entry.route));
  }
  return routes;
}

Result<void> write_route(const std::string& identity, RouteWindows windows) {
  const auto socket = open_netlink(NETLINK_ROUTE);
  if (!socket) return tl::unexpected(socket.error());
  const auto routes = list_routes();
  if (!routes) return tl::unexpected(routes.error());
  const auto found = std::find_if(routes->begin(), routes->end(), [&](const Listed& listed) {
    return listed.route.identity == identity;
  });
  if (found == routes->end()) {
    return fail({.subject = identity, .detail = "the route no longer exists"});
  }
  if (!found->route.left.empty()) {
    return fail({.subject = identity, .detail = found->route.left});
  }
  auto sent = send_changed(socket->get(), *found, windows);
  if (!sent) sent.error().subject = identity;
  return sent;
}

}  // namespace tuner::os
