#include <algorithm>

#include "model/number.hpp"
#include "read/proc.hpp"

namespace tuner::parse {

namespace {

/// More than a kernel prints in one file; room for them is taken once.
constexpr std::size_t kUsualCounters = 512;

/// Counters of bytes alone come near to this. What is beyond it stays there, so that a few can be
/// added up.
std::optional<std::int64_t> counter(std::string_view text) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  const auto number = saturated(text);
  return number ? std::optional(std::clamp(*number, -kMost, kMost)) : std::nullopt;
}

/// Adds the counters of one pair of lines; false when the lines do not belong together.
bool add_pair(std::string_view names, std::string_view numbers, Counters& counters) {
  const auto name_words = words(names);
  const auto number_words = words(numbers);
  if (name_words.size() < 2 || name_words.size() != number_words.size()) return false;
  if (name_words[0] != number_words[0] || !name_words[0].ends_with(':')) return false;
  for (std::size_t index = 1; index < name_words.size(); ++index) {
    const auto number = counter(number_words[index]);
    if (!number) return false;
    counters.entries.push_back({name_words[0], name_words[index], *number});
  }
  return true;
}

}  // namespace

Observed<Counters> counters_ipv6(std::string_view text) {
  Counters result(text);
  for (const std::string_view line : lines(result.text())) {
    const auto parts = words(line);
    const auto number = parts.size() == 2 ? counter(parts[1]) : std::nullopt;
    if (!number) return malformed("a line is not a name and a number");
    const std::string_view group = ipv6_group(parts[0]);
    if (group.empty()) continue;
    result.entries.push_back({group, parts[0].substr(group.size() - 1), *number});
  }
  return result;
}

Observed<Counters> counters(std::string_view text) {
  Counters result(text);
  const auto all = lines(result.text());
  if (all.empty()) return malformed("the file is empty");
  if (all.size() % 2 != 0) return malformed("a line of names has no line of numbers");
  result.entries.reserve(kUsualCounters);
  for (std::size_t index = 0; index < all.size(); index += 2) {
    if (!add_pair(all[index], all[index + 1], result)) {
      return malformed("lines " + std::to_string(index + 1) + " and " + std::to_string(index + 2) +
                       " are not a pair of names and numbers");
    }
  }
  return result;
}

}  // namespace tuner::parse
