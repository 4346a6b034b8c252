#include "tuner/ports.hpp"

#include <algorithm>

namespace tuner {

PortList normalized(PortList ports) {
  std::sort(ports.begin(), ports.end(),
            [](PortSpan left, PortSpan right) { return left.first < right.first; });
  PortList result;
  for (const PortSpan& span : ports) {
    if (result.empty() || span.first > result.back().last + 1) {
      result.push_back(span);
    } else {
      result.back().last = std::max(result.back().last, span.last);
    }
  }
  return result;
}

PortList united(PortList left, const PortList& right) {
  left.insert(left.end(), right.begin(), right.end());
  return normalized(std::move(left));
}

std::int64_t ports_inside(const PortList& list, PortSpan range) {
  std::int64_t count = 0;
  for (const PortSpan& span : list) {
    const std::int64_t first = std::max(span.first, range.first);
    const std::int64_t last = std::min(span.last, range.last);
    count += std::max<std::int64_t>(0, last - first + 1);
  }
  return count;
}

PortList left_open(const PortList& list, PortSpan range, const PortList& reserved) {
  PortList open;
  for (const PortSpan& span : list) {
    const PortSpan inside{std::max(span.first, range.first), std::min(span.last, range.last)};
    if (inside.first > inside.last) continue;
    if (ports_inside(reserved, inside) < inside.last - inside.first + 1) open.push_back(inside);
  }
  return open;
}

std::string port_list_text(const PortList& ports) {
  std::string text;
  for (const PortSpan& span : ports) {
    if (!text.empty()) text += ',';
    text += std::to_string(span.first);
    if (span.last == span.first) continue;
    text += '-';
    text += std::to_string(span.last);
  }
  return text;
}

}  // namespace tuner
