#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/exit_status.hpp"
#include "cli/options.hpp"
#include "render/style.hpp"

namespace tuner::cli {

/// What a command leaves: its data for stdout, its messages for stderr, its exit status.
struct Outcome {
  ExitStatus status = ExitStatus::as_wanted;
  std::string out{};
  std::string messages{};
  /// The host was, or may have been, changed: the status stands, whether it can be told or not.
  bool done = false;
};

/// How a command is to speak.
struct Manner {
  render::Style style{};
  bool json = false;
  std::string format = "text";  ///< one of those in the command's row of --format
};

/// A command of the program: one file of src/cli/commands, named after it.
struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view examples;  ///< lines, each a command and what it does
  std::span<const Option> options;
  std::size_t min_words;
  std::size_t max_words;
  Result<Outcome> (*run)(const Invocation& invocation, const Manner& manner);
  /// What a run that failed leaves in this format; no value where nothing but a message. Null where
  /// the name of the command and the error are all of a JSON document.
  std::optional<Outcome> (*failure)(const Error& error, std::string_view format) = nullptr;
  /// What its arguments are, one for each place, in the terms of Option::argument.
  std::string_view words{};
};

inline constexpr std::string_view kVersion = TUNER_VERSION;

}  // namespace tuner::cli

namespace tuner::commands {
using cli::Command;
/// Every command, sorted by name; made by the build.
extern const std::span<const Command* const> kAll;
}  // namespace tuner::commands
