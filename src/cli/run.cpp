#include "cli/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/load_profile.hpp"
#include "cli/manner.hpp"
#include "os/files.hpp"
#include "render/json.hpp"
#include "text/suggest.hpp"

namespace tuner::cli {

namespace {

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(commands::kAll.begin(), commands::kAll.end(),
                                  [&](const Command* known) { return known->name == name; });
  return found == commands::kAll.end() ? nullptr : *found;
}

/// The arguments with the command taken out: global options may stand before it.
struct Split {
  const Command* command = nullptr;
  std::string word;
  std::vector<std::string> rest;
};

Split split(std::span<const std::string> arguments) {
  Split result;
  bool value_follows = false;
  for (const std::string& argument : arguments) {
    const bool is_word = !argument.starts_with('-') && !value_follows;
    value_follows = argument == "--color";
    if (!is_word || !result.word.empty()) {
      result.rest.push_back(argument);
      continue;
    }
    result.word = argument;
    result.command = find_command(argument);
  }
  return result;
}

Error unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command* const command : commands::kAll) names.push_back(command->name);
  std::string hint = did_you_mean(word, names);
  if (hint.empty()) hint = "See tuner --help.";
  return {.kind = ErrorKind::usage,
          .subject = word,
          .detail = "unknown command",
          .hint = std::move(hint)};
}

bool takes_profile(const Command& command) {
  return std::any_of(command.options.begin(), command.options.end(),
                     [](const Option& option) { return option.name == "profile"; });
}

Result<void> check_words(const Command& command, const Invocation& invocation) {
  const std::size_t count = invocation.words.size();
  if (count >= command.min_words && count <= command.max_words) return {};
  const bool extra = count > command.max_words;
  if (extra && takes_profile(command) && load_profile(invocation.words[command.max_words])) {
    return fail(
        {.kind = ErrorKind::usage,
         .subject = invocation.words[command.max_words],
         .detail = "unexpected argument",
         .hint = "For the profile of that name: --profile " + invocation.words[command.max_words]});
  }
  return fail({.kind = ErrorKind::usage,
               .subject = extra ? invocation.words[command.max_words] : std::string(command.name),
               .detail = extra ? "unexpected argument" : "missing argument",
               .hint = usage_line(command)});
}

Result<Outcome> run_command(const Command& command, std::span<const std::string> arguments) {
  const auto invocation = parse_options(arguments, command.options);
  if (!invocation) return tl::unexpected(invocation.error());
  if (invocation->has("help")) return Outcome{.out = command_help(command)};
  if (invocation->has("version")) return Outcome{.out = version_text()};
  const auto words = check_words(command, *invocation);
  if (!words) return tl::unexpected(words.error());
  const auto related = check_options(*invocation, command.options, command.name);
  if (!related) return tl::unexpected(related.error());
  const auto manner = manner_of(*invocation, command);
  if (!manner) return tl::unexpected(manner.error());
  return command.run(*invocation, *manner);
}

/// "tuner help apply" is what people type before they know of --help.
Result<Outcome> help_on(const std::vector<std::string>& rest) {
  const auto word = std::find_if(rest.begin(), rest.end(),
                                 [](const std::string& one) { return !one.starts_with('-'); });
  if (word == rest.end()) return Outcome{.out = program_help()};
  const Command* const command = find_command(*word);
  if (command == nullptr) return fail(unknown_command(*word));
  return Outcome{.out = command_help(*command)};
}

Result<Outcome> run_without_command(const Split& parts) {
  if (parts.word == "help") return help_on(parts.rest);
  if (parts.word == "version") return Outcome{.out = version_text()};
  if (!parts.word.empty()) return fail(unknown_command(parts.word));
  const auto invocation = parse_options(parts.rest, {});
  if (!invocation) return tl::unexpected(invocation.error());
  if (invocation->has("version")) return Outcome{.out = version_text()};
  if (invocation->has("help")) return Outcome{.out = program_help()};
  return Outcome{.status = ExitStatus::usage, .messages = program_help()};
}

/// What goes to stdout, and the status, where a run failed.
Outcome failure_document(const Error& error, const Split& parts) {
  Outcome outcome{.status = exit_status_of(error.kind)};
  if (parts.command == nullptr) return outcome;
  const Command& command = *parts.command;
  const std::string format = asked_format(parts.rest);
  if (command.failure != nullptr) return command.failure(error, format).value_or(outcome);
  if (format == "json") outcome.out = render::failure_json(command.name, {&error, 1});
  return outcome;
}

Outcome failure(Error error, const Split& parts) {
  const bool denied = error.kind == ErrorKind::permission && ::geteuid() != 0;
  if (denied && error.hint.empty()) error.hint = "Run it with sudo.";
  Outcome outcome = failure_document(error, parts);
  outcome.messages = "tuner: " + error.message() + ".\n";
  if (!error.hint.empty()) outcome.messages += "       " + error.hint + "\n";
  return outcome;
}

}  // namespace

int run(std::span<const std::string> arguments) {
  const Split parts = split(arguments);
  auto result = parts.command == nullptr ? run_without_command(parts)
                                         : run_command(*parts.command, parts.rest);
  Outcome outcome = result ? std::move(*result) : failure(result.error(), parts);
  outcome.messages = render::clean(outcome.messages, render::Charset::utf8);
  const auto said = os::write_all(STDERR_FILENO, outcome.messages, "stderr");
  const auto written = os::write_all(STDOUT_FILENO, outcome.out, "stdout");
  // A reader that has seen enough (tuner audit | head) needs no message.
  if (!written && written.error().number != EPIPE) {
    const auto unwritten = failure(written.error(), Split{});
    (void)os::write_all(STDERR_FILENO, unwritten.messages, "stderr");
  }
  if ((!written || !said) && !outcome.done) return static_cast<int>(ExitStatus::failed);
  return static_cast<int>(outcome.status);
}

}  // namespace tuner::cli
