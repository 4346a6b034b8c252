#include <algorithm>

#include "core/parse/number.hpp"
#include "core/parse/proc.hpp"

namespace tuner::parse {

namespace {

struct Column {
  std::string_view name;
  std::int64_t ConntrackStatistics::*field;
};

constexpr Column kColumns[] = {
    {"found", &ConntrackStatistics::found},
    {"drop", &ConntrackStatistics::drop},
    {"early_drop", &ConntrackStatistics::early_drop},
    {"insert_failed", &ConntrackStatistics::insert_failed},
};

bool add_line(const std::vector<std::string_view>& names,
              const std::vector<std::string_view>& numbers, ConntrackStatistics& result) {
  if (numbers.size() != names.size()) return false;
  for (std::size_t index = 0; index < names.size(); ++index) {
    const auto number = integer(numbers[index], 16);
    if (!number) return false;
    // The namespace's entries stand on every processor's line; all other columns add up.
    if (names[index] == "entries") result.entries = *number;
    for (const Column& column : kColumns) {
      if (column.name == names[index]) result.*column.field += *number;
    }
  }
  return true;
}

}  // namespace

Observed<ConntrackStatistics> nf_conntrack(std::string_view text) {
  const auto all = lines(text);
  if (all.size() < 2) return malformed("no line of numbers");
  const auto names = words(all[0]);
  for (const std::string_view needed : {"entries", "drop", "early_drop", "insert_failed"}) {
    if (std::find(names.begin(), names.end(), needed) == names.end()) {
      return malformed("no column " + std::string(needed));
    }
  }
  ConntrackStatistics result;
  for (std::size_t index = 1; index < all.size(); ++index) {
    if (!add_line(names, words(all[index]), result)) {
      return malformed("line " + std::to_string(index + 1) + " does not fit the names");
    }
  }
  return result;
}

}  // namespace tuner::parse
