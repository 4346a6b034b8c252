#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tuner {

/// Ports from `first` to `last`, both included.
struct PortSpan {
  std::int64_t first = 0;
  std::int64_t last = 0;

  friend bool operator==(const PortSpan&, const PortSpan&) = default;
};

/// Spans in rising order that neither overlap nor touch, as the kernel prints them.
using PortList = std::vector<PortSpan>;

/// Brings spans into that order.
PortList normalized(PortList ports);

/// The ports of both lists.
PortList united(PortList left, const PortList& right);

/// How many ports of `list` lie inside `range`.
std::int64_t ports_inside(const PortList& list, PortSpan range);

/// What of `list` lies inside `range`, but for spans that `reserved` covers wholly.
PortList left_open(const PortList& list, PortSpan range, const PortList& reserved);

/// "8080,9100-9110", the form of ip_local_reserved_ports.
std::string port_list_text(const PortList& ports);

}  // namespace tuner
