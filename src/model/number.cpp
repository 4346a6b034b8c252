#include "model/number.hpp"

namespace tuner::parse {

namespace {
constexpr std::string_view kBlanks = " \t\r\n\v\f";
}

std::optional<std::int64_t> count(std::string_view text, int base) {
  const auto value = integer(text, base);
  return value && *value >= 0 && *value <= kMostCounted ? value : std::nullopt;
}

std::optional<std::int64_t> saturated(std::string_view text) {
  if (const auto value = integer(text)) return value;
  const bool negative = text.starts_with('-');
  const std::string_view digits = negative ? text.substr(1) : text;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  return negative ? std::numeric_limits<std::int64_t>::min()
                  : std::numeric_limits<std::int64_t>::max();
}

// A pass over the bytes, since files of many kilobytes go through here: find_first_of() would call
// memchr() for each of them.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  const char* word = nullptr;
  const auto end_at = [&](const char* end) {
    if (word != nullptr) result.emplace_back(word, static_cast<std::size_t>(end - word));
    word = nullptr;
  };
  for (const char& letter : text) {
    if (letter == ' ' || (letter >= '\t' && letter <= '\r')) {
      end_at(&letter);
    } else if (word == nullptr) {
      word = &letter;
    }
  }
  end_at(text.data() + text.size());
  return result;
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const auto length = std::min(text.find('\n'), text.size());
    result.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return result;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace tuner::parse
