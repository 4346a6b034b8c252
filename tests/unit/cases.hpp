#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "hosts.hpp"
#include "model/number.hpp"
#include "os/profile_store.hpp"
#include "profile/inputs.hpp"
#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"
#include "read/toml.hpp"
#include "tuner/profile.hpp"

/// Cases on file: a captured host with a few files or counters changed, and a profile with inputs.
namespace tuner::test {

inline const std::vector<std::string> kShipped = {"base",  "bulk",       "latency",
                                                  "proxy", "toast-2015", "web"};

/// A profile of this project with its includes merged in.
inline Profile shipped(const std::string& name) {
  const os::ProfileStore store({TUNER_SOURCE_DIR "/profiles"});
  const auto load = [&store](const std::string& wanted) { return store.load(wanted); };
  const auto profile = load(name);
  if (!profile) FAIL(profile.error().message());
  return resolve_profile(*profile, load).value();
}

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string text_of(const parse::TomlTable& table, std::string_view name) {
  const auto* const value = table.find(name);
  const auto* const text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? "" : *text;
}

/// The file with the number under one name replaced.
inline std::string with_counter(const std::string& text, const std::string& group,
                                const std::string& name, std::int64_t number) {
  const auto lines = parse::lines(text);
  std::string result;
  bool found = false;
  for (std::size_t index = 0; index + 1 < lines.size(); index += 2) {
    const auto names = parse::words(lines[index]);
    auto numbers = parse::words(lines[index + 1]);
    const std::string written = std::to_string(number);
    const auto place = std::find(names.begin(), names.end(), name);
    if (names[0] == group + ":" && place != names.end()) {
      numbers[static_cast<std::size_t>(place - names.begin())] = written;
      found = true;
    }
    result += std::string(lines[index]) + '\n';
    for (const auto word : numbers) result += std::string(word) + ' ';
    result += '\n';
  }
  CAPTURE(name);
  REQUIRE(found);
  return result;
}

inline void overlay_counters(const parse::TomlTable& table, OverlaidFiles& files) {
  for (const parse::TomlValue& value : table.entries) {
    const std::string& name = value.name;
    const auto dot = name.find('.');
    const std::string group = name.substr(0, dot);
    const std::string path = group == "TcpExt" ? "proc/net/netstat" : "proc/net/snmp";
    const auto text = files.read(path);
    REQUIRE(text.has_value());
    files.set(path, {with_counter(*text, group, name.substr(dot + 1), *value.as<std::int64_t>())});
  }
}

inline void overlay(const parse::TomlTable& given, OverlaidFiles& files) {
  if (const auto* const absent_files = given.find("absent")) {
    for (const auto& path : *absent_files->as<parse::TomlArray>()) {
      files.set(*path.as<std::string>(), {absent()});
    }
  }
  if (const auto* const changed = given.find("files")) {
    for (const parse::TomlValue& content : changed->as<parse::TomlTable>()->entries) {
      files.set(content.name, {*content.as<std::string>()});
    }
  }
  if (const auto* const counters = given.find("counters")) {
    overlay_counters(*counters->as<parse::TomlTable>(), files);
  }
}

inline std::optional<Profile> profile_of(const parse::TomlTable& given) {
  const os::ProfileStore store({TUNER_SOURCE_DIR "/profiles"});
  const auto load = [&store](const std::string& name) { return store.load(name); };
  Result<Profile> profile = fail({});
  if (const std::string name = text_of(given, "profile"); !name.empty()) {
    profile = load(name);
  } else if (const std::string text = text_of(given, "profile_text"); !text.empty()) {
    profile = parse_profile(text, "mine.toml");
  } else {
    return std::nullopt;
  }
  if (!profile) FAIL(profile.error().message());
  Profile resolved = resolve_profile(*profile, load).value();
  const auto* const inputs = given.find("inputs");
  if (inputs == nullptr) return resolved;
  std::vector<std::string> values;
  for (const auto& value : *inputs->as<parse::TomlArray>())
    values.push_back(*value.as<std::string>());
  const auto taken = give_inputs(values, resolved);
  if (!taken) FAIL(taken.error().message());
  return resolved;
}

}  // namespace tuner::test
