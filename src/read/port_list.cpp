#include "read/port_list.hpp"

#include <algorithm>
#include <utility>

#include "model/number.hpp"

namespace tuner::parse {

std::optional<PortList> port_list(std::string_view text) {
  PortList spans;
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
  return normalized(std::move(spans));
}

}  // namespace tuner::parse
