#include "tuner/counters.hpp"

#include <algorithm>

namespace tuner {

std::optional<std::int64_t> Counters::find(std::string_view name) const {
  const auto dot = std::min(name.find('.'), name.size() - 1);
  const std::string_view group = name.substr(0, dot);
  const std::string_view rest = name.substr(dot + 1);
  for (const Entry& entry : entries) {
    const bool same_group =
        entry.group.size() == group.size() + 1 && entry.group.starts_with(group);
    if (same_group && entry.name == rest) return entry.number;
  }
  return std::nullopt;
}

std::string_view ipv6_group(std::string_view name) {
  // The longer of two that begin alike first.
  for (const std::string_view group : {"UdpLite6:", "Icmp6:", "Udp6:", "Ip6:"}) {
    if (name.starts_with(group.substr(0, group.size() - 1))) return group;
  }
  return {};
}

bool counts_ipv6(std::string_view name) {
  const std::string_view group = ipv6_group(name);
  return !group.empty() && name.substr(group.size() - 1).starts_with('.');
}

}  // namespace tuner
