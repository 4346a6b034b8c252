#include "core/parse/port_list.hpp"

#include <algorithm>

#include "core/parse/number.hpp"

namespace tuner::parse {

std::optional<std::vector<PortSpan>> port_list(std::string_view text) {
  std::vector<PortSpan> spans;
  while (!text.empty()) {
    const auto length = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, length);
    const auto dash = item.find('-');
    const auto first = integer(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : integer(item.substr(dash + 1));
    if (!first || !last || *first < 0 || *first > *last || *last > 65535) return std::nullopt;
    spans.push_back({*first, *last});
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return spans;
}

std::int64_t ports_inside(const std::vector<PortSpan>& list, PortSpan range) {
  std::int64_t count = 0;
  for (const PortSpan& span : list) {
    const std::int64_t first = std::max(span.first, range.first);
    const std::int64_t last = std::min(span.last, range.last);
    count += std::max<std::int64_t>(0, last - first + 1);
  }
  return count;
}

}  // namespace tuner::parse
