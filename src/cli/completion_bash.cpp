#include <fmt/core.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/values.hpp"
#include "text/joined.hpp"

namespace tuner::cli {

namespace {

constexpr std::string_view kBashBegin =
    R"sh(# What bash completes tuner's command lines with; written by: tuner completion bash
_tuner_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_tuner_beginnings() {
  _tuner_words "$1"
  compopt -o nospace 2>/dev/null
}

_tuner_files() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
  compopt -o filenames 2>/dev/null
}

# The lines of a command. Never by compgen -W, which expands what it is given: a name may hold
# anything.
_tuner_lines() {
  local name
  while IFS= read -r name; do
    [[ $name != "$current"* ]] || COMPREPLY+=("$(printf %q "$name")")
  done < <(command tuner "$@" 2>/dev/null)
}

_tuner_profiles() {
  if [[ $current == */* ]]; then
    _tuner_files -f
  else
    _tuner_lines profile list --quiet
  fi
}

_tuner_listed() {
  if [[ $current == */* ]]; then
    _tuner_files -f
  else
    _tuner_lines completion --list "$1"
  fi
}
)sh";

constexpr std::string_view kMiddle = R"sh(
# The command, and the number of its words before the one that is completed.
_tuner_command() {
  local index valued=
  command=
  words=0
  for ((index = 1; index < COMP_CWORD; index++)); do
    local word=${COMP_WORDS[index]}
    if [[ $word == = ]]; then
      # Of --option=value the value comes yet; of a value K=V the rest does.
      [[ -n $valued ]] || index=$((index + 1))
    elif [[ -n $valued ]]; then
      valued=
    elif [[ $word == -* ]]; then
      _tuner_takes_value "$command" "$word" && valued=1
    elif [[ -z $command ]]; then
      command=$word
    else
      words=$((words + 1))
    fi
  done
}

_tuner() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command words
  COMPREPLY=()
  # Bash takes the = of --option=value for a word of its own.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _tuner_command
  if [[ $previous == -* ]] && _tuner_takes_value "$command" "$previous"; then
    _tuner_value "$command" "$previous"
  elif [[ $current == -* ]]; then
    _tuner_options "$command"
  else
    _tuner_word "$command" "$words"
  fi
}
complete -F _tuner tuner
)sh";

/// The command of the shell that completes these values; empty where nothing does.
std::string bash_action(const Values& values) {
  if (values.profiles) return "_tuner_profiles";
  if (!values.listed.empty()) return fmt::format("_tuner_listed {}", values.listed);
  if (!values.beginnings.empty()) {
    return fmt::format("_tuner_beginnings \"{}\"", text::joined(values.beginnings, " "));
  }
  if (values.files) return "_tuner_files -f";
  if (values.directories) return "_tuner_files -d";
  std::string words = text::joined(values.choices, " ");
  if (values.findings) words += (words.empty() ? "" : " ") + std::string("$_tuner_findings");
  if (values.keys) words += (words.empty() ? "" : " ") + std::string("$_tuner_keys");
  return words.empty() ? "" : "_tuner_words \"" + words + '"';
}

std::string names_of(std::span<const Option> options) {
  std::string names;
  for (const Option& option : options) {
    names += fmt::format("{}--{}", names.empty() ? "" : " ", option.name);
    if (!option.letter.empty()) names += fmt::format(" -{}", option.letter);
  }
  return names;
}

/// The branches of a case for the options that take a value.
std::string value_branches(std::string_view command, std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    if (option.argument.empty()) continue;
    std::string names = fmt::format("'{} --{}'", command, option.name);
    if (!option.letter.empty()) names += fmt::format(" | '{} -{}'", command, option.letter);
    const std::string what = bash_action(option_values(option));
    text += fmt::format("    {}) {} ;;\n", names, what.empty() ? ":" : what);
  }
  return text;
}

std::string takes_value() {
  std::string text = "\n_tuner_takes_value() {\n  case \"$1 $2\" in\n";
  std::string names;
  for (const Command* const command : commands::kAll) {
    for (const Option& option : command->options) {
      if (option.argument.empty()) continue;
      text += fmt::format("    '{0} --{1}'", command->name, option.name);
      if (!option.letter.empty()) text += fmt::format(" | '{} -{}'", command->name, option.letter);
      text += ") return 0 ;;\n";
    }
  }
  for (const Option& option : global_options()) {
    if (!option.argument.empty()) text += fmt::format("    *' --{}') return 0 ;;\n", option.name);
  }
  return text + "  esac\n  return 1\n}\n";
}

std::string value_function() {
  std::string text = "\n_tuner_value() {\n  case \"$1 $2\" in\n";
  for (const Command* const command : commands::kAll) {
    text += value_branches(command->name, command->options);
  }
  for (const Option& option : global_options()) {
    if (option.argument.empty()) continue;
    text += fmt::format("    *' --{}') {} ;;\n", option.name, bash_action(option_values(option)));
  }
  return text + "  esac\n}\n";
}

std::string options_function() {
  std::string text =
      "\n_tuner_options() {\n  local all=\"" + names_of(global_options()) + "\"\n  case $1 in\n";
  for (const Command* const command : commands::kAll) {
    text += fmt::format("    {}) _tuner_words \"{} $all\" ;;\n", command->name,
                        names_of(command->options));
  }
  return text + "    *) _tuner_words \"$all\" ;;\n  esac\n}\n";
}

std::string word_function() {
  std::string names;
  std::string text;
  for (const Command* const command : commands::kAll) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", command->name);
    std::string_view rest = command->words;
    for (int position = 0; !rest.empty(); ++position) {
      const auto end = std::min(rest.find(' '), rest.size());
      const bool last = end == rest.size();
      const std::string what = bash_action(values_of(rest.substr(0, end)));
      const std::string which = last && command->max_words > 2 ? "*" : std::to_string(position);
      text += fmt::format("    '{} '{}) {} ;;\n", command->name, which, what);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return "\n_tuner_word() {\n  case \"$1 $2\" in\n    ' 0') _tuner_words \"" + names + "\" ;;\n" +
         text + "  esac\n}\n";
}

}  // namespace

std::string bash_completion() {
  std::string text(kBashBegin);
  text += fmt::format("\n_tuner_findings=\"{}\"\n_tuner_keys=\"{}\"\n",
                      text::joined(known_findings(), " "), text::joined(known_keys(), " "));
  text += takes_value() + value_function() + options_function() + word_function();
  return text + std::string(kMiddle);
}

}  // namespace tuner::cli
