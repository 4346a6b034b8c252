#include "text/suggest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tuner {

namespace {

/// The number of letters to insert, drop or change (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool has_same_letters(std::string_view left, std::string_view right) {
  return std::is_permutation(left.begin(), left.end(), right.begin(), right.end());
}

/// The only candidate that ends in the word, as tcp_fin_timeout does in fin_timeout.
std::string_view ends_in(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    if (!candidate.ends_with(word)) continue;
    if (!found.empty()) return {};
    found = candidate;
  }
  return found;
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kShort = 4;
  const std::string_view best =
      nearest_within(std::max<std::size_t>(2, word.size() / 3), word, candidates);
  if (best.empty() && word.size() > kShort) return ends_in(word, candidates);
  // Of a short word two letters are half; two that changed places are one slip.
  if (word.size() > kShort || has_same_letters(word, best)) return best;
  return nearest_within(1, word, candidates);
}

std::string_view nearest_within(std::size_t most, std::string_view word,
                                std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t least = most + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t steps = distance(word, candidate);
    if (steps < least) {
      least = steps;
      best = candidate;
    }
  }
  return best;
}

std::string choose_from(std::string_view word, std::span<const std::string_view> choices) {
  std::string text = did_you_mean(word, choices);
  text += text.empty() ? "Choose " : " Choose ";
  for (std::size_t place = 0; place < choices.size(); ++place) {
    const bool last = place + 1 == choices.size();
    if (place > 0) text += last ? " or " : ", ";
    text += choices[place];
  }
  return text + '.';
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view best = nearest(word, candidates);
  return best.empty() ? std::string() : "Did you mean \"" + std::string(best) + "\"?";
}

}  // namespace tuner
