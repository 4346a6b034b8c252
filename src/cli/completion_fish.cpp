#include <fmt/core.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/values.hpp"
#include "text/joined.hpp"

namespace tuner::cli {

namespace {

constexpr std::string_view kFishBegin =
    "# What fish completes tuner's command lines with; written by: tuner completion fish\n"
    "function __tuner_profiles\n"
    "    command tuner profile list --quiet 2>/dev/null\n"
    "    __fish_complete_suffix .toml\n"
    "end\n";

std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') result += '\\';
    result += character;
  }
  return result + '\'';
}

std::string fish_action(const Values& values) {
  if (values.profiles) return " -x -a '(__tuner_profiles)'";
  if (!values.listed.empty()) {
    return fmt::format(" -x -a '(command tuner completion --list {} 2>/dev/null)'", values.listed);
  }
  if (!values.beginnings.empty()) {
    return " -x -a " + fish_quoted(text::joined(values.beginnings, " "));
  }
  if (values.files) return " -r -F";
  if (values.directories) return " -x -a '(__fish_complete_directories)'";
  std::string words = text::joined(values.choices, " ");
  if (values.findings) words += "(__tuner_findings)";
  if (values.keys) words += fmt::format("{}(__tuner_keys)", words.empty() ? "" : " ");
  return words.empty() ? " -x" : " -x -a " + fish_quoted(words);
}

std::string option_line(const Option& option, std::string_view condition) {
  std::string text = fmt::format("complete -c tuner{} -l {}", condition, option.name);
  if (!option.letter.empty()) text += fmt::format(" -s {}", option.letter);
  if (!option.argument.empty()) text += fish_action(option_values(option));
  return text + fmt::format(" -d {}\n", fish_quoted(option.help));
}

std::string function(std::string_view name, const std::vector<std::string_view>& names) {
  return fmt::format("function __tuner_{}\n    printf '%s\\n' {}\nend\n", name,
                     text::joined(names, " "));
}

/// What may stand as a word. Fish does not count words: where the first is a choice, whether it is
/// there tells what comes next.
std::string word_lines(const Command& command) {
  std::string text;
  std::string before;
  std::string_view rest = command.words;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    const Values values = values_of(rest.substr(0, end));
    const std::string choices = text::joined(values.choices, " ");
    std::string condition = fmt::format("__fish_seen_subcommand_from {}", command.name) + before;
    if (!choices.empty()) {
      condition += "; and not __fish_seen_subcommand_from " + choices;
      before = "; and __fish_seen_subcommand_from " + choices;
    }
    text += fmt::format("complete -c tuner -n '{}'{}\n", condition, fish_action(values));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

}  // namespace

std::string fish_completion() {
  std::string text(kFishBegin);
  text += function("keys", known_keys()) + function("findings", known_findings());
  text += "complete -c tuner -f\n";
  for (const Option& option : global_options()) text += option_line(option, "");
  for (const Command* const command : commands::kAll) {
    text += fmt::format("complete -c tuner -n __fish_use_subcommand -a {} -d {}\n", command->name,
                        fish_quoted(command->summary));
    const std::string condition =
        fmt::format(" -n '__fish_seen_subcommand_from {}'", command->name);
    for (const Option& option : command->options) text += option_line(option, condition);
    text += word_lines(*command);
  }
  return text;
}

}  // namespace tuner::cli
