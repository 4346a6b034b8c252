#include "knowledge/facts.hpp"

#include <algorithm>
#include <vector>

#include "knowledge/area.hpp"
#include "tuner/fact.hpp"

namespace tuner {

namespace {

/// A `*` stands for one part of the key; at the end of a row it stands for the rest of that part.
bool matches(std::string_view pattern, std::string_view key) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == key;
  const std::string_view tail = pattern.substr(star + 1);
  if (!key.starts_with(pattern.substr(0, star)) || !key.ends_with(tail)) return false;
  if (key.size() < pattern.size()) return false;
  const std::string_view inside = key.substr(star, key.size() - tail.size() - star);
  return !inside.empty() && inside.find('.') == std::string_view::npos;
}

std::vector<const Fact*> collect() {
  std::vector<const Fact*> rows;
  for (const facts::FactArea* const area : facts::kAll) {
    for (const Fact& row : area->rows) rows.push_back(&row);
  }
  return rows;
}

bool before(const Fact* row, std::string_view key) { return row->key.compare(key) < 0; }

/// The rows in the order of their keys, in which one is found fast: a file of settings, or a fleet
/// of hosts, asks for thousands.
std::vector<const Fact*> sort_by_key() {
  std::vector<const Fact*> rows = collect();
  std::sort(rows.begin(), rows.end(),
            [](const Fact* left, const Fact* right) { return left->key < right->key; });
  return rows;
}

std::vector<const Fact*> collect_patterns() {
  std::vector<const Fact*> rows = collect();
  std::erase_if(rows, [](const Fact* row) { return row->key.find('*') == std::string_view::npos; });
  return rows;
}

}  // namespace

std::span<const Fact* const> all_facts() {
  static const std::vector<const Fact*> rows = collect();
  return rows;
}

const Fact* find_fact(std::string_view key) {
  static const std::vector<const Fact*> sorted = sort_by_key();
  static const std::vector<const Fact*> patterns = collect_patterns();
  const auto exact = std::lower_bound(sorted.begin(), sorted.end(), key, before);
  if (exact != sorted.end() && (*exact)->key == key) return *exact;
  const auto family = std::find_if(patterns.begin(), patterns.end(),
                                   [key](const Fact* row) { return matches(row->key, key); });
  return family == patterns.end() ? nullptr : *family;
}

}  // namespace tuner
