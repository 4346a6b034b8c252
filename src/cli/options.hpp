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
  bool repeats = false;  ///< may stand more than once
};

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
/// value stands twice only where its row says so. Errors: usage, with the way out.
Result<Invocation> parse_options(std::span<const std::string> arguments,
                                 std::span<const Option> table);

}  // namespace tuner::cli
