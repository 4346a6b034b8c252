#include "cli/help.hpp"

#include <fmt/core.h>

#include <map>

#include "model/number.hpp"

namespace tuner::cli {

namespace {

std::string option_lines(std::span<const Option> options) {
  std::string text;
  for (const Option& option : options) {
    std::string name = option.letter.empty() ? "    " : fmt::format("-{}, ", option.letter);
    name += fmt::format("--{}", option.name);
    if (!option.argument.empty()) name += fmt::format(" {}", option.argument);
    text += name.size() < 28 ? fmt::format("  {:<28}{}\n", name, option.help)
                             : fmt::format("  {}\n{:30}{}\n", name, "", option.help);
  }
  return text;
}

std::string spelled(const Option& option) {
  std::string text =
      option.letter.empty() ? fmt::format("--{}", option.name) : fmt::format("-{}", option.letter);
  return option.argument.empty() ? text : fmt::format("{} {}", text, option.argument);
}

std::string bracketed(std::string text, bool needed, bool repeats) {
  if (!needed) text = fmt::format("[{}]", text);
  return repeats ? text + "..." : text;
}

}  // namespace

std::vector<std::string> synopsis_parts(const Command& command) {
  std::vector<std::string> parts;
  std::size_t place = 0;
  for (const std::string_view word : parse::words(command.words)) {
    ++place;
    parts.push_back(
        bracketed(std::string(word), place <= command.min_words, command.max_words > 2));
  }
  std::map<std::string_view, std::size_t> groups;
  for (const Option& option : command.options) {
    const auto [group, first] = groups.emplace(option.group, parts.size());
    if (option.group.empty() || first) {
      parts.push_back(bracketed(spelled(option), option.required, option.repeats));
    } else {
      std::string& shared = parts[group->second];
      shared.insert(shared.size() - 1, fmt::format(" | {}", spelled(option)));
    }
  }
  return parts;
}

std::string usage_line(const Command& command) {
  constexpr std::size_t kColumns = 80;
  std::string text = fmt::format("Usage: tuner {}", command.name);
  const std::size_t indent = text.size();
  std::size_t column = indent;
  for (const std::string& part : synopsis_parts(command)) {
    if (column + 1 + part.size() > kColumns) {
      text += fmt::format("\n{:{}}", "", indent);
      column = indent;
    }
    text.append(" ").append(part);
    column += 1 + part.size();
  }
  return text;
}

std::string version_text() { return fmt::format("tuner {}\n", kVersion); }

std::string program_help() {
  std::string text =
      "tuner audits the network settings of this host and changes them safely.\n\n"
      "  tuner audit                    what is wrong, with the evidence\n"
      "  tuner audit --profile proxy    plus what a proxy needs\n\n"
      "Commands:\n";
  for (const Command* const command : commands::kAll) {
    text += fmt::format("  {:<12}{}\n", command->name, command->summary);
  }
  return text + "\nOptions:\n" + option_lines(global_options()) +
         "\nSee tuner COMMAND --help, and tuner(8).\n";
}

std::string command_help(const Command& command) {
  std::string text = fmt::format("Examples:\n{}\n{}\n\n{}.\n", command.examples,
                                 usage_line(command), command.summary);
  if (!command.options.empty()) text += "\nOptions:\n" + option_lines(command.options);
  return text + "\nOptions of every command:\n" + option_lines(global_options());
}

}  // namespace tuner::cli
