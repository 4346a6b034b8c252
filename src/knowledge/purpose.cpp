#include "knowledge/purpose.hpp"

#include <algorithm>

namespace tuner {

std::string_view purpose_of(const Fact& fact) {
  for (const std::span<const PurposeRow> rows : {tcp_purposes(), other_purposes()}) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&fact](const PurposeRow& row) { return row.key == fact.key; });
    if (found != rows.end()) return found->what;
  }
  return {};
}

}  // namespace tuner
