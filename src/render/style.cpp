#include "render/style.hpp"

#include <fmt/format.h>

#include "core/parse/number.hpp"

namespace tuner::render {

namespace {

bool is_continuation(char character) {
  return (static_cast<unsigned char>(character) & 0xc0) == 0x80;
}

std::size_t columns_of(std::string_view word) {
  std::size_t columns = 0;
  for (const char character : word) columns += is_continuation(character) ? 0 : 1;
  return columns;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string result;
  std::string line;
  for (const std::string_view word : parse::words(text)) {
    if (!line.empty() && indent + columns_of(line) + 1 + columns_of(word) > kColumns) {
      result += margin + line + '\n';
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) result += margin + line + '\n';
  return result;
}

std::string severity_label(Severity severity, Color color) {
  constexpr std::string_view kNames[] = {"INFO    ", "WARNING ", "ERROR   "};
  constexpr std::string_view kColors[] = {"\x1b[36m", "\x1b[33m", "\x1b[31m"};
  const auto index = static_cast<std::size_t>(severity);
  if (color == Color::off) return std::string(kNames[index]);
  return fmt::format("{}{}\x1b[0m", kColors[index], kNames[index]);
}

std::string clean(std::string_view text, Charset charset) {
  constexpr std::string_view kDot = "\xc2\xb7";  // a middle dot
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    const auto byte = static_cast<unsigned char>(text[index]);
    const bool control = byte < ' ' || byte == 0x7f;
    if (charset == Charset::ascii && text.substr(index).starts_with(kDot)) {
      result += '-';
      ++index;
    } else if (byte >= 0x80 && charset == Charset::ascii) {
      if (!is_continuation(text[index])) result += '?';
    } else {
      result += control && byte != '\n' ? '?' : text[index];
    }
  }
  return result;
}

}  // namespace tuner::render
