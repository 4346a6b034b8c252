#include "core/plan/side_effect.hpp"

namespace tuner {

namespace {

/// "net.ipv6.conf.eth0.forwarding" for the key of any interface but `all`.
bool is_interface_key(std::string_view key, std::string_view family, std::string_view name) {
  if (!key.starts_with(family) || !key.ends_with(name)) return false;
  return key.size() > family.size() + name.size() &&
         key.substr(family.size(), key.size() - family.size() - name.size()) != "all";
}

}  // namespace

std::optional<std::string> side_effect(std::string_view key, std::string_view value,
                                       std::string_view other) {
  if (key == other) return std::nullopt;
  // Hosts accept redirects, routers do not: net/ipv4/devinet.c inet_forward_change().
  if (key == "net.ipv4.ip_forward" && other == "net.ipv4.conf.all.accept_redirects") {
    return value == "0" ? "1" : "0";
  }
  // net/ipv6/addrconf.c addrconf_fixup_forwarding() and addrconf_disable_ipv6().
  for (const std::string_view name : {".forwarding", ".disable_ipv6"}) {
    const bool parent = key == std::string("net.ipv6.conf.all").append(name);
    if (parent && is_interface_key(other, "net.ipv6.conf.", name)) return std::string(value);
  }
  return std::nullopt;
}

}  // namespace tuner
