#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/sysctl_reader.hpp"

namespace tuner::boot {

/// A line as a reader cuts it, with what ends it where the reader keeps that.
struct TextLine {
  std::string_view text{};
  int number = 0;          ///< of newlines before it, and one
  std::size_t length = 0;  ///< of all that was read for it
};

struct TextLines {
  std::vector<TextLine> lines{};  ///< but for those that begin with '#'
  int too_long = 0;               ///< the line at which the reader gave up; 0 where it read all
};

/// The lines that begin with '#' right above a line, as one text; `line` is a part of `text`.
std::string_view comment_above(std::string_view line, std::string_view text);

TextLines split(const Reader& reader, std::string_view text);

/// What a reader makes of one line.
struct SettingLine {
  enum class Kind {
    nothing,    ///< blank, or a comment
    setting,    ///< key = value
    exclusion,  ///< -key
    malformed,  ///< the reader complains
  };
  Kind kind = Kind::nothing;
  std::string path{};   ///< below /proc/sys, as the reader will open it
  std::string value{};  ///< what it will write, without the newline
  bool ignore_failure = false;

  friend bool operator==(const SettingLine&, const SettingLine&) = default;
};

SettingLine understand(const Reader& reader, const TextLine& line);

/// Whether a reader takes the path for a pattern of glob(7).
bool is_pattern(std::string_view path);

}  // namespace tuner::boot
