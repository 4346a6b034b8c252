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

std::string text_of(const PortList& ports) {
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
