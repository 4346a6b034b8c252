#include "boot/lines.hpp"

#include <algorithm>

#include "tuner/sysctl.hpp"

namespace tuner::boot {

namespace {

/// systemd abandons a file at a line of this length (LONG_LINE_MAX in its src/basic/fileio.h).
constexpr std::size_t kLongLine = std::size_t{1} << 20;

/// A line that begins with it is nothing to any reader, and most lines of most files do.
constexpr char kComment = '#';

constexpr std::string_view kSystemdBlanks = " \t\n\r";
constexpr std::string_view kLocaleSpaces = " \t\n\v\f\r";  // isspace(3) in the C locale

std::string_view without(std::string_view blanks, std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// systemd takes newline, carriage return and NUL for the end of a line, and different ones in a
/// row for one end: "\r\n", "\n\r", "\n\0". A NUL always is the last of them.
std::size_t end_marks(std::string_view text, std::size_t from) {
  std::size_t position = from;
  bool newline = false;
  bool carriage_return = false;
  for (; position < text.size(); ++position) {
    const char mark = text[position];
    if (mark == '\0') return position + 1;
    if (mark != '\n' && mark != '\r') break;
    bool& had = mark == '\n' ? newline : carriage_return;
    if (had) break;
    had = true;
  }
  return position;
}

TextLines split_as_systemd(std::string_view text) {
  TextLines result;
  int number = 1;
  const char* const bytes = text.data();
  for (std::size_t start = 0; start < text.size();) {
    // Each reader's version splits each file: find_first_of() would call memchr() for each byte.
    std::size_t end = start;
    while (end < text.size() && bytes[end] != '\n' && bytes[end] != '\r' && bytes[end] != '\0')
      ++end;
    if (end - start >= kLongLine) {
      result.too_long = number;
      return result;
    }
    const std::size_t next = end_marks(text, end);
    if (text[start] != kComment) {
      result.lines.push_back({text.substr(start, end - start), number, next - start});
    }
    number += static_cast<int>(std::count(bytes + end, bytes + next, '\n'));
    start = next;
  }
  return result;
}

/// getline(3), and what follows a NUL is not seen.
TextLines split_as_procps(std::string_view text) {
  TextLines result;
  int number = 1;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const auto newline = text.find('\n', start);
    const auto end = newline == std::string_view::npos ? text.size() : newline + 1;
    if (text[start] != kComment) {
      const std::string_view line = text.substr(start, end - start);
      result.lines.push_back({line.substr(0, line.find('\0')), number, line.size()});
    }
    start = end;
  }
  return result;
}

/// Where the first separator is a dot, dots and slashes change places.
std::string with_slashes(std::string_view key) {
  const auto first = key.find_first_of("/.");
  const bool dots = first != std::string_view::npos && key[first] == '.';
  return dots ? swap_separators(std::string(key)) : std::string(key);
}

/// Takes out doubled slashes and "." as a part; the slash in front goes too, unless it is all.
std::string simplified(const std::string& path, const Reader& reader) {
  if (path.empty()) return path;
  const bool absolute = path.front() == '/';
  std::string result;
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part == ".." && absolute && result.empty() && reader.drops_leading_parent) continue;
    if (!result.empty()) result += '/';
    result += part;
  }
  if (result.empty()) return absolute ? "/" : ".";
  return result;
}

SettingLine understand_as_systemd(const Reader& reader, std::string_view line) {
  line = without(kSystemdBlanks, line);
  if (line.empty() || line.front() == '#') return {};
  if (line.front() == ';' && reader.semicolon_comments) return {};
  SettingLine result;
  const auto equals = line.find('=');
  std::string_view key = line.substr(0, equals);
  const bool dash = line.front() == '-';
  if (equals == std::string_view::npos) {
    if (!dash) return {.kind = SettingLine::Kind::malformed};
    result.kind = SettingLine::Kind::exclusion;
  } else {
    result.kind = SettingLine::Kind::setting;
    result.value = without(kSystemdBlanks, line.substr(equals + 1));
    result.ignore_failure = dash;
  }
  if (dash) key.remove_prefix(1);
  result.path = simplified(with_slashes(without(kSystemdBlanks, key)), reader);
  return result;
}

/// Takes blanks off the end; a first character that is one stays.
std::string_view strip_end(std::string_view text) {
  while (text.size() > 1 && kLocaleSpaces.find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view strip_start(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kLocaleSpaces), text.size()));
  return text;
}

SettingLine understand_as_procps(const TextLine& line) {
  if (line.length < 2) return {};
  std::string_view key = strip_start(line.text);
  if (key.size() < 2 || key.front() == '#' || key.front() == ';') return {};
  SettingLine result;
  const bool dash = key.front() == '-';
  const auto equals = key.find('=');
  if (equals == std::string_view::npos) {
    if (!dash) return {.kind = SettingLine::Kind::malformed};
    result.kind = SettingLine::Kind::exclusion;
  } else {
    result.kind = SettingLine::Kind::setting;
    result.value = strip_end(strip_start(key.substr(equals + 1)));
    result.ignore_failure = dash && equals > 0;
    key = key.substr(0, equals);
  }
  if (dash && !key.empty()) key.remove_prefix(1);
  key = strip_end(key);
  if (key.starts_with('-')) key.remove_prefix(1);  // a second dash is dropped when it is opened
  result.path = with_slashes(key);
  return result;
}

}  // namespace

std::string_view comment_above(std::string_view line, std::string_view text) {
  const auto start = static_cast<std::size_t>(line.data() - text.data());
  std::size_t first = start;
  while (first > 0) {
    const auto newline = first > 1 ? text.rfind('\n', first - 2) : std::string_view::npos;
    const std::size_t above = newline == std::string_view::npos ? 0 : newline + 1;
    if (text[above] != kComment) break;
    first = above;
  }
  return text.substr(first, start - first);
}

TextLines split(const Reader& reader, std::string_view text) {
  return reader.family == ReaderFamily::systemd ? split_as_systemd(text) : split_as_procps(text);
}

SettingLine understand(const Reader& reader, const TextLine& line) {
  if (reader.family == ReaderFamily::systemd) return understand_as_systemd(reader, line.text);
  return understand_as_procps(line);
}

bool is_pattern(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

}  // namespace tuner::boot
