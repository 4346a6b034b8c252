#include "cli/help.hpp"

#include <fmt/core.h>

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

}  // namespace

std::string version_text() { return fmt::format("tuner {}\n", kVersion); }

std::string program_help() {
  std::string text =
      "tuner says what is wrong with the network settings of this host.\n\n"
      "  tuner audit                    what is wrong, with the evidence\n"
      "  tuner audit --profile proxy    and what a proxy needs\n\n"
      "Commands:\n";
  for (const Command* const command : commands::kAll) {
    text += fmt::format("  {:<12}{}\n", command->name, command->summary);
  }
  return text + "\nOptions:\n" + option_lines(global_options()) +
         "\nSee tuner COMMAND --help, and tuner(8).\n";
}

std::string command_help(const Command& command) {
  std::string text = fmt::format("Examples:\n{}\nUsage: tuner {} {}\n\n{}.\n", command.examples,
                                 command.name, command.usage, command.summary);
  if (!command.options.empty()) text += "\nOptions:\n" + option_lines(command.options);
  return text + "\nOptions of every command:\n" + option_lines(global_options());
}

}  // namespace tuner::cli
