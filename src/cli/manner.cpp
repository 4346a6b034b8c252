#include "cli/manner.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/values.hpp"
#include "text/joined.hpp"
#include "text/suggest.hpp"

namespace tuner::cli {

namespace {

using render::Color;

/// The value of a variable; empty where it is unset or empty, which mean the same here.
std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// Whether people read the document as it is written; -o FILE takes it away from the terminal,
/// while -o DIR is where a snapshot goes and not what is said of it.
bool goes_to_terminal(const Invocation& invocation, const Command& command) {
  const bool is_file = std::any_of(
      command.options.begin(), command.options.end(),
      [](const Option& option) { return option.name == "output" && option.argument == "FILE"; });
  if (is_file && invocation.value("output").value_or("-") != "-") return false;
  return ::isatty(STDOUT_FILENO) == 1;
}

/// A pipe or a file has no width: who reads it, grep or an editor, wants a sentence in one line.
std::size_t columns_of(bool terminal) {
  constexpr std::size_t kUnknown = 80;
  constexpr std::size_t kLeast = 40;
  constexpr std::size_t kMost = 120;  // longer lines are hard to read
  if (!terminal) return render::kNoWrap;
  struct winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknown;
  return std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
}

Color color_of_surroundings(bool terminal) {
  if (!environment("NO_COLOR").empty()) return Color::off;
  const std::string force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return Color::on;
  return terminal && has_escapes() ? Color::on : Color::off;
}

Result<Color> color_of(const Invocation& invocation, bool terminal) {
  const std::string choice = invocation.value("color").value_or("auto");
  if (choice == "always") return Color::on;
  if (choice == "never") return Color::off;
  if (choice == "auto") return color_of_surroundings(terminal);
  return fail({.kind = ErrorKind::usage,
               .subject = "--color",
               .detail = "\"" + choice + "\" is not a choice",
               .hint = "Choose auto, always or never."});
}

/// The character set of the locale, from the variables alone: loading a locale costs more than an
/// audit.
render::Charset charset_of_locale() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value = environment(name);
    if (value.empty()) continue;
    std::transform(value.begin(), value.end(), value.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    });
    const bool utf8 =
        value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    return utf8 ? render::Charset::utf8 : render::Charset::ascii;
  }
  return render::Charset::ascii;
}

/// The formats of a command, from its row "text|json".
std::vector<std::string_view> formats_of(const Command& command) {
  for (const Option& option : command.options) {
    if (option.name == "format") return option_values(option).choices;
  }
  return {};
}

Result<std::string> format_of(const Invocation& invocation, const Command& command) {
  const auto format = invocation.value("format");
  if (!format) return std::string(invocation.has("json") ? "json" : "text");
  const auto formats = formats_of(command);
  if (std::find(formats.begin(), formats.end(), *format) == formats.end()) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--format",
                 .detail = "\"" + *format + "\" is not a format",
                 .hint = choose_from(*format, formats)});
  }
  if (*format == "json" || !invocation.has("json")) return *format;
  return fail({.kind = ErrorKind::usage,
               .subject = "--json",
               .detail = "conflicts with --format " + *format,
               .hint = "Give one of them."});
}

render::Detail detail_of(const Invocation& invocation) {
  if (invocation.has("quiet")) return render::Detail::verdict_only;
  return invocation.has("verbose") ? render::Detail::everything : render::Detail::normal;
}

}  // namespace

Result<Manner> manner_of(const Invocation& invocation, const Command& command) {
  const bool terminal = goes_to_terminal(invocation, command);
  const auto color = color_of(invocation, terminal);
  if (!color) return tl::unexpected(color.error());
  const auto format = format_of(invocation, command);
  if (!format) return tl::unexpected(format.error());
  return Manner{.style = {.color = *color,
                          .charset = charset_of_locale(),
                          .detail = detail_of(invocation),
                          .columns = columns_of(terminal)},
                .json = *format == "json",
                .format = *format};
}

bool has_escapes() {
  const std::string terminal = environment("TERM");
  return !terminal.empty() && terminal != "dumb";
}

std::string asked_format(std::span<const std::string> arguments) {
  constexpr std::string_view kOption = "--format=";
  if (std::find(arguments.begin(), arguments.end(), "--json") != arguments.end()) return "json";
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    const std::string& argument = arguments[index];
    if (argument.starts_with(kOption)) return argument.substr(kOption.size());
    if (argument == "--format" && index + 1 < arguments.size()) return arguments[index + 1];
  }
  return {};
}

}  // namespace tuner::cli
