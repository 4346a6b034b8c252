#pragma once

#include <string>
#include <string_view>

#include "tuner/finding.hpp"

/// How text goes to a terminal or a file.
namespace tuner::render {

enum class Color { off, on };
enum class Charset { ascii, utf8 };
enum class Detail { verdict_only, normal, everything };

struct Style {
  Color color = Color::off;
  Charset charset = Charset::ascii;
  Detail detail = Detail::normal;
};

inline constexpr std::size_t kColumns = 80;
inline constexpr std::size_t kIndent = 2;         ///< of what stands below an item
inline constexpr std::size_t kFindingIndent = 8;  ///< of what stands below a finding's heading

/// `text` in lines of at most 80 columns, each behind `indent` blanks; every line ends in a
/// newline.
std::string wrapped(std::string_view text, std::size_t indent);

/// "ERROR   ", "WARNING ", "INFO    ": eight columns, coloured where asked for.
std::string severity_label(Severity severity, Color color);

/// What may go to a terminal: no control characters, and nothing but ASCII where asked for.
std::string clean(std::string_view text, Charset charset);

}  // namespace tuner::render
