#include "knowledge/side_effect.hpp"

namespace tuner {

namespace {

/// "net.ipv6.conf.eth0.forwarding" for the key of any interface but `all`.
bool is_interface_key(std::string_view key, std::string_view family, std::string_view name) {
  if (!key.starts_with(family) || !key.ends_with(name)) return false;
  return key.size() > family.size() + name.size() &&
         key.substr(family.size(), key.size() - family.size() - name.size()) != "all";
}

/// Two names of one number, and what turning a host into a router does to the rest of IPv4:
/// net/ipv4/devinet.c devinet_sysctl_forward() and inet_forward_change().
std::optional<std::string> side_effect_of_forwarding(std::string_view value,
                                                     std::string_view other) {
  if (other == "net.ipv4.conf.all.accept_redirects") return value == "0" ? "1" : "0";
  const bool follows = other == "net.ipv4.ip_forward" || other == "net.ipv4.conf.all.forwarding" ||
                       is_interface_key(other, "net.ipv4.conf.", ".forwarding");
  return follows ? std::optional(std::string(value)) : std::nullopt;
}

}  // namespace

std::optional<std::string> side_effect(std::string_view key, std::string_view value,
                                       std::string_view other, bool changed) {
  if (key == other) return std::nullopt;
  if (key == "net.ipv4.ip_forward" || key == "net.ipv4.conf.all.forwarding") {
    return changed ? side_effect_of_forwarding(value, other) : std::nullopt;
  }
  // net/ipv6/addrconf.c addrconf_fixup_forwarding(), addrconf_disable_ipv6() and
  // addrconf_sysctl_addr_gen_mode(): the same value again flattens what interfaces had.
  for (const std::string_view name : {".forwarding", ".disable_ipv6", ".addr_gen_mode"}) {
    const bool parent = key == std::string("net.ipv6.conf.all").append(name);
    if (parent && is_interface_key(other, "net.ipv6.conf.", name)) return std::string(value);
  }
  return std::nullopt;
}

std::vector<std::string> followers_of(std::string_view path) {
  const std::string own(path);
  const auto tail = own.substr(own.rfind('/') + 1);
  if (path == "net/ipv4/ip_forward" || path == "net/ipv4/conf/all/forwarding") {
    // net/ipv4/devinet.c inet_forward_change()
    return {"net/ipv4/ip_forward", "net/ipv4/conf/*/forwarding",
            "net/ipv4/conf/all/accept_redirects"};
  }
  // net/ipv4/devinet.c devinet_copy_dflt_conf()
  if (path.starts_with("net/ipv4/conf/default/")) return {"net/ipv4/conf/*/" + tail};
  // net/ipv4/tcp_cong.c tcp_set_default_congestion_control(): what is the default is allowed too
  if (path == "net/ipv4/tcp_congestion_control") {
    return {"net/ipv4/tcp_allowed_congestion_control"};
  }
  // net/ipv6/addrconf.c addrconf_fixup_forwarding() and its like
  if (path.starts_with("net/ipv6/conf/all/")) return {"net/ipv6/conf/*/" + tail};
  // net/core/neighbour.c, net/ipv4/route.c: two names of one number
  if (path.find("/neigh/") != std::string_view::npos ||
      path.find("/route/") != std::string_view::npos) {
    constexpr std::string_view kMilliseconds = "_ms";
    if (path.ends_with(kMilliseconds)) {
      return {own.substr(0, own.size() - kMilliseconds.size())};
    }
    return {own + std::string(kMilliseconds)};
  }
  return {};
}

}  // namespace tuner
