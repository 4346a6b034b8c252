#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "tuner/finding.hpp"

/// How text goes to a terminal or a file.
namespace tuner::render {

enum class Color { off, on };
enum class Charset { ascii, utf8 };
enum class Detail { verdict_only, normal, everything };

/// As many columns as a paragraph takes: pipes and files get it in one line.
inline constexpr std::size_t kNoWrap = std::numeric_limits<std::size_t>::max();

struct Style {
  Color color = Color::off;
  Charset charset = Charset::ascii;
  Detail detail = Detail::normal;
  std::size_t columns = 80;  ///< that a line may take
};

inline constexpr std::size_t kIndent = 2;         ///< of what stands below an item
inline constexpr std::size_t kFindingIndent = 8;  ///< of what stands below a finding's heading

/// `text` in lines of at most the style's columns, each behind `indent` blanks; every line ends in
/// a newline. A command of tuner's that is to be copied is one word, however long (phrases.hpp).
std::string wrapped(std::string_view text, std::size_t indent, const Style& style);

/// A sentence that leads to a command, wrapped, and the command below it on a line of its own.
std::string leading_to(std::string_view command, std::string_view sentence, const Style& style);

/// "first  second" on one line where that fits behind `taken` columns, else the second below.
std::string side_by_side(std::string_view first, std::string_view second, std::size_t taken,
                         const Style& style);

/// "ERROR   ", "WARNING ", "INFO    ": eight columns, coloured where asked for.
std::string severity_label(Severity severity, Color color);

/// What may go to a terminal: no control characters, and nothing but ASCII where asked for.
std::string clean(std::string_view text, Charset charset);

}  // namespace tuner::render
