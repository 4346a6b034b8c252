#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tuner::parse {

/// Ports from `first` to `last`, both included.
struct PortSpan {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// "8080,9100-9110" as the kernel prints ip_local_reserved_ports. No value for anything else.
std::optional<std::vector<PortSpan>> port_list(std::string_view text);

/// How many ports of `list` lie inside `range`. The kernel prints lists without overlaps.
std::int64_t ports_inside(const std::vector<PortSpan>& list, PortSpan range);

}  // namespace tuner::parse
