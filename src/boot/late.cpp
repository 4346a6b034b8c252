#include "boot/late.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace tuner {

namespace {

/// Keys that come with a module.
struct ModuleKeys {
  std::string_view prefix;
  std::string_view module;
};

constexpr auto kModuleKeys = std::to_array<ModuleKeys>({
    {"net/netfilter/nf_conntrack_", "nf_conntrack"},
    {"net/nf_conntrack_max", "nf_conntrack"},
    {"net/bridge/", "br_netfilter"},
    {"net/sctp/", "sctp"},
    {"net/rds/", "rds"},
    {"sunrpc/", "sunrpc"},
    {"fs/nfs/", "lockd"},
});

/// "eth0" of net/ipv4/conf/eth0/rp_filter; empty for all, default, lo and other keys, and for
/// eth0/100/rp_filter, which is a VLAN's name with its dot taken for a directory: no key ever.
std::string_view interface_of(std::string_view path) {
  for (const std::string_view family : {"net/ipv4/", "net/ipv6/"}) {
    for (const std::string_view kind : {"conf/", "neigh/"}) {
      if (!path.starts_with(family) || !path.substr(family.size()).starts_with(kind)) continue;
      const auto rest = path.substr(family.size() + kind.size());
      const auto name = rest.substr(0, rest.find('/'));
      if (std::count(rest.begin(), rest.end(), '/') != 1) return {};
      const bool always = name == "all" || name == "default" || name == "lo" ||
                          name.find_first_of("*?[") != std::string_view::npos;
      return always ? std::string_view() : name;
    }
  }
  return {};
}

}  // namespace

bool needs_module(std::string_view path) {
  return std::any_of(kModuleKeys.begin(), kModuleKeys.end(),
                     [path](const ModuleKeys& keys) { return path.starts_with(keys.prefix); });
}

std::string why_late(std::string_view path, const LoadedModules& modules) {
  for (const auto& [prefix, module] : kModuleKeys) {
    if (!path.starts_with(prefix)) continue;
    if (std::find(modules.begin(), modules.end(), module) != modules.end()) return {};
    return fmt::format(
        "It exists once module {0} is loaded, which may be after the files are applied: a line "
        "\"{0}\" in /etc/modules-load.d/{0}.conf loads it earlier.",
        module);
  }
  const std::string_view interface = interface_of(path);
  if (interface.empty()) return {};
  return fmt::format(
      "It exists once interface {} does: systemd-sysctl sets it then (by udev), procps does not.",
      interface);
}

}  // namespace tuner
