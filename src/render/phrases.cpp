#include "render/phrases.hpp"

#include <algorithm>

#include "model/number.hpp"

namespace tuner::render {

namespace {

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// A word without the marks of the sentence around it.
std::string_view bare(std::string_view word) {
  const auto first = word.find_first_not_of("(\"");
  if (first == std::string_view::npos) return {};
  const auto last = word.find_last_not_of(".,;:)\"");
  return last < first || last == std::string_view::npos ? std::string_view()
                                                        : word.substr(first, last - first + 1);
}

bool ends_with_mark(std::string_view word) { return !word.ends_with(bare(word)); }

/// "confirm", as in "tuner confirm"; a verb of a sentence is one too, which does no harm.
bool is_verb(std::string_view word) {
  const std::string_view verb = bare(word);
  return !verb.empty() && std::all_of(verb.begin(), verb.end(), is_lower);
}

/// An option, an ID, a placeholder such as NAME, a finding, a key or a path: no word of a sentence.
bool is_argument(std::string_view word) {
  const std::string_view argument = bare(word);
  if (argument.empty()) return false;
  return is_digit(argument.front()) || argument.find_first_of("-._/=") != std::string_view::npos ||
         std::none_of(argument.begin(), argument.end(), is_lower);
}

using Words = std::vector<std::string_view>;

/// How many words a comment that allows a finding takes from `at` on: 0 where none begins there.
std::size_t allowance_length(const Words& words, std::size_t at) {
  constexpr std::size_t kWords = 5;  // # tuner: allow NAME REASON
  const bool begins = words.size() - at > 2 && words[at] == "#" && words[at + 1] == "tuner:" &&
                      words[at + 2] == "allow";
  return begins ? std::min(kWords, words.size() - at) : 0;
}

std::size_t command_length(const Words& words, std::size_t at) {
  if (words.size() - at < 2 || bare(words[at]) != "tuner" || ends_with_mark(words[at])) return 0;
  if (!is_verb(words[at + 1])) return 0;
  std::size_t end = at + 2;
  const bool has_verbs = words[at + 1] == "profile";  // profile show, profile list
  if (has_verbs && end < words.size() && is_verb(words[end])) ++end;
  while (end < words.size() && !ends_with_mark(words[end - 1]) && is_argument(words[end])) ++end;
  return end - at;
}

}  // namespace

std::vector<std::string> phrases(std::string_view text) {
  const Words words = parse::words(text);
  std::vector<std::string> result;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t length =
        std::max({std::size_t{1}, allowance_length(words, at), command_length(words, at)});
    std::string& phrase = result.emplace_back(words[at]);
    for (std::size_t next = at + 1; next < at + length; ++next) {
      phrase.append(" ").append(words[next]);
    }
    at += length;
  }
  return result;
}

}  // namespace tuner::render
