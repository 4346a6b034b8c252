#include "cli/values.hpp"

#include <algorithm>

#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/readers.hpp"
#include "lint/lint.hpp"
#include "tuner/fact.hpp"
#include "tuner/rule.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl_reader.hpp"

namespace tuner::cli {

namespace {

constexpr std::string_view kInputBeginnings[] = {
    "bandwidth=", "rtt=", "connections=", "memory_share="};

void add(std::string_view alternative, Values& values) {
  if (alternative == "DIR") {
    values.directories = true;
  } else if (alternative == "FILE" || alternative == "PATH") {
    values.files = true;
  } else if (alternative == "KEY" || alternative == "KEY=VALUE") {
    values.keys = true;
  } else if (alternative == "FINDING") {
    values.findings = true;
  } else if (alternative == "PROFILE") {
    values.profiles = true;
  } else if (alternative == "ID") {
    values.listed = "ids";
  } else if (alternative == "UNIT") {
    values.listed = "units";
  } else if (!alternative.empty() && alternative.front() >= 'a' && alternative.front() <= 'z') {
    values.choices.push_back(alternative);
  }
}

std::vector<std::string_view> state_names() {
  std::vector<std::string_view> names;
  for (auto state = static_cast<std::size_t>(TcpState::established);
       state <= static_cast<std::size_t>(TcpState::closing); ++state) {
    const std::string_view name = tcp_state_name(static_cast<TcpState>(state));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace

Values values_of(std::string_view argument) {
  Values values;
  while (!argument.empty()) {
    const auto end = std::min(argument.find('|'), argument.size());
    add(argument.substr(0, end), values);
    argument.remove_prefix(std::min(end + 1, argument.size()));
  }
  return values;
}

Values option_values(const Option& option) {
  Values values = values_of(option.argument);
  values.profiles = values.profiles || option.name == "profile";
  if (option.name == "netns") values.listed = "namespaces";
  if (option.name == "input") {
    values.beginnings.assign(std::begin(kInputBeginnings), std::end(kInputBeginnings));
  }
  if (option.name == "state") values.choices = state_names();
  if (option.name == "reader") {
    for (const Reader& reader : all_readers()) values.choices.push_back(reader.name);
  }
  return values;
}

std::vector<std::string_view> known_keys() {
  std::vector<std::string_view> keys;
  for (const Fact* const fact : all_facts()) {
    if (fact->key.find_first_of("*<{") != std::string_view::npos) continue;
    for (const std::string_view prefix : kKeyPrefixes) {
      if (fact->key.starts_with(prefix)) keys.push_back(fact->key.substr(prefix.size()));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<std::string_view> known_findings() {
  std::vector<std::string_view> names;
  for (const Rule* const rule : rules::kAll) names.push_back(rule->id);
  for (const LintName& lint : lint_names()) names.push_back(lint.id);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace tuner::cli
