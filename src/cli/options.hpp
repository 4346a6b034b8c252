#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/result.hpp"

namespace tuner::cli {

/// One row of an option table. Parsing, --help, the manual and completions come from these rows.
struct Option {
  std::string_view name;      ///< without the dashes
  std::string_view letter;    ///< the short form, without the dash; may be empty
  std::string_view argument;  ///< what stands for the value in --help; empty for a switch
  std::string_view help;
  bool repeats = false;      ///< may be given more than once
  std::string_view group{};  ///< options of one group conflict with each other
  std::string_view needs{};  ///< the option without which this one means nothing
  bool required = false;     ///< the command means nothing without it
};

/// The group of options that say which host, tree or namespace is meant.
inline constexpr std::string_view kPlace = "place";

/// The options that every command takes.
std::span<const Option> global_options();

/// A command line that was understood.
struct Invocation {
  /// Switches have an empty value.
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> words;

  [[nodiscard]] bool has(std::string_view name) const { return options.contains(name); }
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  /// The values of an option that may stand more than once, in the order of the command line.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
};

/// Sorts `arguments` into the options of the table, the global ones, and words. Options are never
/// guessed from their beginnings, a value never begins with a dash, and an option with a
/// value may be given twice only where its row says so. Errors: usage, with the hint.
Result<Invocation> parse_options(std::span<const std::string> arguments,
                                 std::span<const Option> table);

/// Holds what was given against the relations in the table. Errors: usage, where options conflict,
/// or one is given without the one that it requires, or `command` is without one that it requires.
Result<void> check_options(const Invocation& invocation, std::span<const Option> table,
                           std::string_view command);

}  // namespace tuner::cli
