#include "read/record.hpp"

#include <fmt/core.h>

namespace tuner::parse {

std::optional<std::string_view> RecordLine::text(std::string_view name) const {
  for (const std::string_view word : words_) {
    if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') {
      return word.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

std::string one_word(std::string_view text) {
  constexpr unsigned char kFirst = 0x21;
  constexpr unsigned char kLast = 0x7E;
  std::string word;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = byte >= kFirst && byte <= kLast && character != '%' && character != '=';
    word += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return word;
}

std::string many_words(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const auto code = word[at] == '%' && at + 2 < word.size()
                          ? integer<unsigned>(word.substr(at + 1, 2), 16)
                          : std::nullopt;
    if (!code) {
      text += word[at];
      continue;
    }
    text += static_cast<char>(*code);
    at += 2;
  }
  return text;
}

}  // namespace tuner::parse
