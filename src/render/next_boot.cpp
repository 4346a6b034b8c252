#include "render/next_boot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "text/human.hpp"
#include "text/joined.hpp"

namespace tuner::render {

namespace {

using Changes = std::vector<const BootChange*>;

Changes changes_of(const NextBoot& next, BootChange::Kind kind) {
  Changes changes;
  for (const BootChange& change : next.changes) {
    if (change.kind == kind) changes.push_back(&change);
  }
  return changes;
}

std::string keys_of(const Changes& changes) {
  std::vector<std::string_view> keys;
  keys.reserve(changes.size());
  for (const BootChange* const change : changes) keys.emplace_back(change->key);
  return text::joined(keys, ", ");
}

std::string count_of(const Changes& changes) {
  return text::plural(static_cast<std::int64_t>(changes.size()), "key", "keys");
}

/// One for each file that wins.
void add_overruled(const NextBoot& next, std::vector<std::string>& sentences) {
  std::map<std::string, Changes> winners;
  for (const BootChange* const change : changes_of(next, BootChange::Kind::overruled)) {
    winners[change->file].push_back(change);
  }
  for (const auto& [file, changes] : winners) {
    std::vector<int> lines;
    lines.reserve(changes.size());
    for (const BootChange* const change : changes) lines.push_back(change->line);
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    sentences.push_back(fmt::format(
        "At the next boot {} of the {} in {} {} to {} ({} {}): {}.", changes.size(),
        text::plural(static_cast<std::int64_t>(next.lines), "key", "keys"), next.file,
        changes.size() == 1 ? "loses" : "lose", file, lines.size() == 1 ? "line" : "lines",
        text::joined(lines, ", "), keys_of(changes)));
  }
}

}  // namespace

std::vector<std::string> next_boot_sentences(const NextBoot& next) {
  std::vector<std::string> sentences;
  add_overruled(next, sentences);
  const Changes returning = changes_of(next, BootChange::Kind::returns);
  if (!returning.empty()) {
    sentences.push_back(fmt::format("{} stays, and the next boot sets {} from it: {}.", next.file,
                                    count_of(returning), keys_of(returning)));
  }
  Changes ending = changes_of(next, BootChange::Kind::ends);
  std::erase_if(ending, [&sentences](const BootChange* change) {
    if (change->file.empty()) return false;
    sentences.push_back(fmt::format("At the next boot {}:{} sets {} to {}.", change->file,
                                    change->line, change->key, change->boot));
    return true;
  });
  if (!ending.empty()) {
    sentences.push_back(fmt::format("No file keeps {}, so the next boot sets {} back: {}.",
                                    count_of(ending), ending.size() == 1 ? "it" : "them",
                                    keys_of(ending)));
  }
  return sentences;
}

}  // namespace tuner::render
