#include <fmt/core.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/values.hpp"
#include "text/joined.hpp"

namespace tuner::cli {

namespace {

constexpr std::string_view kZshBegin = R"sh(#compdef tuner
# What zsh completes tuner's command lines with; written by: tuner completion zsh

_tuner_profiles() {
  local -a names
  names=(${(f)"$(_call_program profiles tuner profile list --quiet 2>/dev/null)"})
  compadd -a names
  _files -g '*.toml'
}

_tuner_listed() {
  local -a names
  names=(${(f)"$(_call_program $1 tuner completion --list $1 2>/dev/null)"})
  compadd -a names
}

_tuner_beginnings() {
  compadd -S '' -- "$@"
}
)sh";

constexpr std::string_view kEnd = R"sh(
if [[ $funcstack[1] == _tuner ]]; then
  _tuner "$@"
else
  compdef _tuner tuner
fi
)sh";

/// Text inside of a specification in single quotes: brackets end a help, colons separate.
std::string plain(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (character == '\'') {
      result += "'\\''";
      continue;
    }
    if (character == '[' || character == ']' || character == ':' || character == '\\') {
      result += '\\';
    }
    result += character;
  }
  return result;
}

std::string zsh_action(const Values& values) {
  if (values.profiles) return "_tuner_profiles";
  if (!values.listed.empty()) return fmt::format(" _tuner_listed {}", values.listed);
  if (!values.beginnings.empty()) {
    // With a blank before it, _arguments calls the action as it stands.
    return fmt::format(" _tuner_beginnings {}", text::joined(values.beginnings, " "));
  }
  if (values.files) return "_files";
  if (values.directories) return "_files -/";
  if (values.findings) return "_tuner_names";
  if (values.keys) return "_tuner_keys";
  return values.choices.empty() ? " " : fmt::format("({})", text::joined(values.choices, " "));
}

/// One line of _arguments: '(-o --output)'{-o,--output=}'[help]:FILE:_files'.
std::string specification(const Option& option) {
  const bool valued = !option.argument.empty();
  const std::string_view sign = valued ? "=" : "";
  const std::string tail =
      valued ? fmt::format(":{}:{}", plain(option.argument), zsh_action(option_values(option)))
             : "";
  const std::string help = plain(option.help);
  if (option.letter.empty()) {
    return fmt::format("'{}--{}{}[{}]{}'", option.repeats ? "*" : "", option.name, sign, help,
                       tail);
  }
  return fmt::format("'(-{0} --{1})'{{-{0}{2},--{1}{3}}}'[{4}]{5}'", option.letter, option.name,
                     valued ? "+" : "", sign, help, tail);
}

std::string specifications(std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) text += " \\\n    " + specification(option);
  return text;
}

std::string words_of(const Command& command) {
  std::string text;
  std::string_view rest = command.words;
  for (int position = 1; !rest.empty(); ++position) {
    const auto end = std::min(rest.find(' '), rest.size());
    const bool repeats = end == rest.size() && command.max_words > 2;
    text += fmt::format(" \\\n    '{}:{}:{}'", repeats ? "*" : std::to_string(position),
                        plain(rest.substr(0, end)), zsh_action(values_of(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string names_function(std::string_view name, const std::vector<std::string_view>& names) {
  return fmt::format("\n_tuner_{}() {{\n  compadd {}\n}}\n", name, text::joined(names, " "));
}

std::string commands_function() {
  std::string text = "\n_tuner_commands() {\n  local -a commands\n  commands=(\n";
  for (const Command* const command : commands::kAll) {
    text += fmt::format("    '{}:{}'\n", command->name, plain(command->summary));
  }
  return text + "  )\n  _describe command commands\n}\n";
}

std::string one_command(const Command& command) {
  return fmt::format("\n_tuner_of_{}() {{\n  _arguments -s -S{}{}{}\n}}\n", command.name,
                     specifications(command.options), specifications(global_options()),
                     words_of(command));
}

}  // namespace

std::string zsh_completion() {
  std::string text(kZshBegin);
  auto names = known_findings();
  text += names_function("keys", known_keys());
  for (const std::string_view key : known_keys()) names.push_back(key);
  text += names_function("names", names) + commands_function();
  for (const Command* const command : commands::kAll) text += one_command(*command);
  text += "\n_tuner() {\n  local curcontext=$curcontext state line\n  _arguments -C" +
          specifications(global_options()) +
          " \\\n    '1:command:_tuner_commands' '*::argument:->argument'\n"
          "  [[ $state == argument ]] || return\n"
          "  curcontext=\"${curcontext%:*}-$line[1]:\"\n"
          "  (( $+functions[_tuner_of_$line[1]] )) && _tuner_of_$line[1]\n}\n";
  return text + std::string(kEnd);
}

}  // namespace tuner::cli
