#include "render/style.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "render/phrases.hpp"

namespace tuner::render {

namespace {

bool is_continuation(char character) {
  return (static_cast<unsigned char>(character) & 0xc0) == 0x80;
}

/// The bytes of the UTF-8 character at the start of `text`; 0 where there is none, or a control
/// character of the upper half.
std::size_t character_length(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte >= 0xf5) return 0;
  const std::size_t length = byte >= 0xf0 ? 4 : (byte >= 0xe0 ? 3 : 2);
  if (length > text.size()) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    if (!is_continuation(text[index])) return 0;
  }
  const auto second = length > 1 ? static_cast<unsigned char>(text[1]) : 0;
  const bool control = byte == 0xc2 && second < 0xa0;
  // Longer than need be, half of a pair of UTF-16, or beyond the last character.
  const bool invalid = (byte == 0xe0 && second < 0xa0) || (byte == 0xed && second >= 0xa0) ||
                       (byte == 0xf0 && second < 0x90) || (byte == 0xf4 && second >= 0x90);
  return control || invalid ? 0 : length;
}

std::size_t columns_of(std::string_view word) {
  std::size_t columns = 0;
  for (const char character : word) columns += is_continuation(character) ? 0 : 1;
  return columns;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, const Style& style) {
  const std::string margin(indent, ' ');
  std::string result;
  std::string line;
  std::size_t width = indent;
  for (const std::string& phrase : phrases(text)) {
    const std::size_t columns = columns_of(phrase);
    if (!line.empty() && width + 1 + columns > style.columns) {
      result += margin + line + '\n';
      line.clear();
      width = indent;
    }
    if (!line.empty()) line += ' ';
    width += columns + (line.empty() ? 0 : 1);
    line += phrase;
  }
  if (!line.empty()) result += margin + line + '\n';
  return result;
}

std::string leading_to(std::string_view command, std::string_view sentence, const Style& style) {
  return wrapped(sentence, 0, style) + std::string(kIndent, ' ').append(command) + '\n';
}

std::string side_by_side(std::string_view first, std::string_view second, std::size_t taken,
                         const Style& style) {
  constexpr std::size_t kGap = 2;
  const bool fits = taken + columns_of(first) + kGap + columns_of(second) <= style.columns;
  std::string text(first);
  if (fits) return text.append(kGap, ' ').append(second) + '\n';
  return text + '\n' + wrapped(second, kFindingIndent, style);
}

std::string severity_label(Severity severity, Color color) {
  constexpr std::string_view kNames[] = {"NOTE    ", "WARNING ", "ERROR   "};
  constexpr std::string_view kColors[] = {"\x1b[36m", "\x1b[33m", "\x1b[31m"};
  const auto index = static_cast<std::size_t>(severity);
  if (color == Color::off) return std::string(kNames[index]);
  return fmt::format("{}{}\x1b[0m", kColors[index], kNames[index]);
}

namespace {

/// What turns the order of text around (Unicode's Bidi_Control) or ends lines unseen (U+2028,
/// U+2029).
bool misleads(std::string_view character) {
  if (character.size() != 3 || character[0] != '\xe2') return character == "\xd8\x9c";
  const std::string_view rest = character.substr(1);
  const bool marks = rest >= "\x80\x8e" && rest <= "\x80\x8f";
  const bool embeddings = rest >= "\x80\xa8" && rest <= "\x80\xae";
  const bool isolates = rest >= "\x81\xa6" && rest <= "\x81\xa9";
  return marks || embeddings || isolates;
}

}  // namespace

std::string clean(std::string_view text, Charset charset) {
  constexpr std::string_view kDot = "\xc2\xb7";  // a middle dot
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const auto byte = static_cast<unsigned char>(character.front());
    const bool control = (byte < ' ' && byte != '\n') || byte == 0x7f;
    if (charset == Charset::ascii && character == kDot) {
      result += '-';
    } else if (length == 0 || control || misleads(character) ||
               (byte >= 0x80 && charset == Charset::ascii)) {
      result += '?';
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace tuner::render
