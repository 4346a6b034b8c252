#include "cli/options.hpp"

#include <fmt/core.h>

#include <array>
#include <boost/program_options.hpp>

#include "text/suggest.hpp"

namespace tuner::cli {

namespace {

namespace po = boost::program_options;

constexpr auto kGlobal = std::to_array<Option>({
    {"help", "h", "", "show this help"},
    {"version", "V", "", "show the version"},
    {"verbose", "v", "", "show reasons, sources and passed checks"},
    {"quiet", "q", "", "show only the verdict"},
    {"json", "", "", "short for --format json"},
    {"color", "", "auto|always|never", "colour the text (default: auto)"},
    {"no-input", "", "", "accepted for compatibility; tuner never prompts"},
});

std::vector<Option> all_options(std::span<const Option> table) {
  std::vector<Option> options(table.begin(), table.end());
  options.insert(options.end(), kGlobal.begin(), kGlobal.end());
  return options;
}

po::options_description describe(std::span<const Option> options) {
  po::options_description description;
  for (const Option& option : options) {
    std::string names(option.name);
    if (!option.letter.empty()) names += "," + std::string(option.letter);
    if (option.argument.empty()) {
      description.add_options()(names.c_str(), "");
    } else {
      description.add_options()(names.c_str(), po::value<std::string>(), "");
    }
  }
  return description;
}

tl::unexpected<Error> usage_error(std::string subject, std::string detail, std::string hint) {
  return fail({.kind = ErrorKind::usage,
               .subject = std::move(subject),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

tl::unexpected<Error> unknown_option(const std::string& written, std::span<const Option> options) {
  std::vector<std::string> names;
  for (const Option& option : options) names.push_back("--" + std::string(option.name));
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string plain = written.substr(0, written.find('='));
  for (const std::string_view name : candidates) {
    if (plain.size() > 3 && name.starts_with(plain)) {
      return usage_error(plain, "unknown option",
                         "Options cannot be abbreviated: write " + std::string(name) + ".");
    }
  }
  std::string hint = did_you_mean(plain, candidates);
  if (hint.empty()) hint = "See --help.";
  return usage_error(plain, "unknown option", std::move(hint));
}

/// The option that was meant by `--name` or `-n`; null when there is none.
const Option* find(std::span<const Option> options, const std::string& key) {
  for (const Option& option : options) {
    if (key == option.name || key == "-" + std::string(option.letter)) return &option;
  }
  return nullptr;
}

Result<void> add(const po::option& parsed, std::span<const Option> options, Invocation& result) {
  if (parsed.string_key.empty()) {
    result.words.insert(result.words.end(), parsed.value.begin(), parsed.value.end());
    return {};
  }
  const Option* const option = find(options, parsed.string_key);
  if (option == nullptr) return unknown_option(parsed.original_tokens.front(), options);
  const std::string name = "--" + std::string(option->name);
  const std::string value = parsed.value.empty() ? "" : parsed.value.front();
  const bool separate = parsed.original_tokens.size() > 1;
  if (!option->argument.empty() && separate && value.size() > 1 && value.front() == '-') {
    return usage_error(name, "its value is missing: " + value + " is an option",
                       "Write " + name + " " + std::string(option->argument) + ".");
  }
  if (!option->argument.empty() && value.empty()) {
    return usage_error(name, "empty value",
                       "Write " + name + " " + std::string(option->argument) + ".");
  }
  auto& values = result.options[std::string(option->name)];
  values.push_back(value);
  if (values.size() > 1 && !option->argument.empty() && !option->repeats) {
    return usage_error(name, "given twice", "Give it once.");
  }
  return {};
}

Result<Invocation> collect(const std::vector<po::option>& parsed, std::span<const Option> options) {
  Invocation result;
  for (const po::option& option : parsed) {
    const auto added = add(option, options, result);
    if (!added) return tl::unexpected(added.error());
  }
  return result;
}

}  // namespace

std::span<const Option> global_options() { return kGlobal; }

std::optional<std::string> Invocation::value(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end()) return std::nullopt;
  return found->second.front();
}

std::vector<std::string> Invocation::values(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::vector<std::string>() : found->second;
}

Result<void> check_options(const Invocation& invocation, std::span<const Option> table,
                           std::string_view command) {
  std::map<std::string_view, std::string_view> groups;
  for (const Option& option : table) {
    const std::string name = "--" + std::string(option.name);
    if (!invocation.has(option.name)) {
      if (!option.required) continue;
      return usage_error(std::string(command), name + " is required",
                         "Add " + name + " " + std::string(option.argument) + ".");
    }
    if (!option.needs.empty() && !invocation.has(option.needs)) {
      return usage_error(name, fmt::format("requires --{}", option.needs),
                         fmt::format("Add --{}, or leave out {}.", option.needs, name));
    }
    if (option.group.empty()) continue;
    const auto [first, alone] = groups.emplace(option.group, option.name);
    if (alone) continue;
    return usage_error(name, "conflicts with --" + std::string(first->second), "Give one of them.");
  }
  return {};
}

Result<Invocation> parse_options(std::span<const std::string> arguments,
                                 std::span<const Option> table) {
  namespace style = po::command_line_style;
  constexpr int kStyle = style::allow_long | style::long_allow_adjacent | style::long_allow_next |
                         style::allow_short | style::allow_dash_for_short |
                         style::short_allow_next | style::short_allow_adjacent |
                         style::allow_sticky;
  const auto options = all_options(table);
  const auto description = describe(options);
  try {
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    po::command_line_parser parser(words);
    return collect(parser.options(description).style(kStyle).run().options, options);
  } catch (const po::unknown_option& error) {
    return unknown_option(error.get_option_name(), options);
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string name = error.get_option_name();
    if (error.kind() == po::invalid_syntax::missing_parameter) {
      return usage_error(name, "its value is missing", "See --help.");
    }
    if (error.kind() == po::invalid_syntax::empty_adjacent_parameter) {
      return usage_error(name, "empty value", "See --help.");
    }
    return usage_error(name, "takes no value", "Give it without a value.");
  } catch (const po::error& error) {
    return usage_error("", error.what(), "See --help.");
  }
}

}  // namespace tuner::cli
