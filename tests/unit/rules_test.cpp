#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/parse/number.hpp"
#include "core/parse/toml.hpp"
#include "hosts.hpp"
#include "os/profile_store.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

/// A case of tests/rules/FINDING is a captured host with a few files or counters changed, and what
/// the rule has to say about it.
namespace tuner {
namespace {

namespace fs = std::filesystem;
using parse::TomlArray;
using parse::TomlTable;

std::string slurp(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string text_of(const TomlTable& table, std::string_view name) {
  const auto* const value = table.find(name);
  const auto* const text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? "" : *text;
}

/// The file with the number under one name replaced.
std::string with_counter(const std::string& text, const std::string& group, const std::string& name,
                         std::int64_t number) {
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

void overlay_counters(const TomlTable& table, test::OverlaidFiles& files) {
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

void overlay(const TomlTable& given, test::OverlaidFiles& files) {
  if (const auto* const absent_files = given.find("absent")) {
    for (const auto& path : *absent_files->as<TomlArray>()) {
      files.set(*path.as<std::string>(), {absent()});
    }
  }
  if (const auto* const changed = given.find("files")) {
    for (const parse::TomlValue& content : changed->as<TomlTable>()->entries) {
      files.set(content.name, {*content.as<std::string>()});
    }
  }
  if (const auto* const counters = given.find("counters")) {
    overlay_counters(*counters->as<TomlTable>(), files);
  }
}

std::optional<Profile> profile_of(const TomlTable& given) {
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
  return resolve_profile(*profile, load).value();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool has_evidence(const Finding& finding, const std::string& wanted) {
  if (wanted.empty()) return true;
  return std::any_of(finding.evidence.begin(), finding.evidence.end(), [&](const auto& item) {
    return contains(item.name + " " + item.value, wanted);
  });
}

bool matches(const Finding& finding, const TomlTable& wanted) {
  const auto same = [&wanted](std::string_view name, const std::optional<std::string>& actual) {
    const std::string text = text_of(wanted, name);
    return text.empty() || text == actual.value_or("");
  };
  return same("status", std::string(name_of(finding.status))) &&
         same("severity", std::string(name_of(finding.severity))) &&
         same("subject", finding.subject) && same("running", finding.running) &&
         same("wanted", finding.wanted) && same("unit", finding.unit) &&
         contains(finding.message, text_of(wanted, "message")) &&
         contains(finding.fix.text, text_of(wanted, "fix")) &&
         contains(std::string(why_of(finding)), text_of(wanted, "why")) &&
         has_evidence(finding, text_of(wanted, "evidence"));
}

std::string shown(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(name_of(finding.status)) + " " + std::string(name_of(finding.severity)) +
            " " + finding.subject + ": " + finding.message +
            " running=" + finding.running.value_or("") + " wanted=" + finding.wanted.value_or("") +
            " fix=" + finding.fix.text + "\n";
  }
  return text;
}

void run_case(const std::string& rule, const fs::path& file) {
  CAPTURE(file.string());
  const auto given = parse::toml(slurp(file), file.string());
  if (!given) FAIL(given.error().message());
  test::OverlaidFiles files(text_of(*given, "host"));
  overlay(*given, files);
  const auto profile = profile_of(*given);
  // Read as an audit reads: a rule that does not say which keys it looks at finds them unread.
  const auto keys = keys_to_read(profile ? &*profile : nullptr);
  const auto host =
      os::read_host(files, test::host_path(text_of(*given, "host")), std::nullopt, keys);
  auto findings = check({.host = host, .profile = profile ? &*profile : nullptr});
  const std::string subject = text_of(*given, "subject");
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.id != rule || (!subject.empty() && finding.subject != subject);
  });
  CAPTURE(shown(findings));
  if (text_of(*given, "status") == "none") {
    CHECK(findings.empty());
    return;
  }
  CHECK(std::any_of(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return matches(finding, *given); }));
}

std::vector<fs::path> cases_of(std::string_view rule) {
  std::vector<fs::path> cases;
  const fs::path folder = fs::path(TUNER_SOURCE_DIR "/tests/rules") / rule;
  if (!fs::is_directory(folder)) return cases;
  for (const auto& entry : fs::directory_iterator(folder)) cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  return cases;
}

TEST_CASE("every rule says what its cases expect") {
  for (const Rule* const rule : rules::kAll) {
    for (const fs::path& file : cases_of(rule->id)) run_case(std::string(rule->id), file);
  }
}

TEST_CASE("every rule has a case that bites and one that does not, and a full text") {
  for (const Rule* const rule : rules::kAll) {
    CAPTURE(rule->id);
    bool bites = false;
    bool rests = false;
    for (const fs::path& file : cases_of(rule->id)) {
      const std::string status = text_of(parse::toml(slurp(file), file.string()).value(), "status");
      bites = bites || status == "fail" || status == "skipped";
      rests = rests || status == "pass" || status == "none";
    }
    CHECK(bites);
    CHECK(rests);
    for (const auto text : {rule->what, rule->why, rule->fix, rule->source})
      CHECK_FALSE(text.empty());
  }
}

TEST_CASE("every folder of cases belongs to a rule") {
  for (const auto& entry : fs::directory_iterator(TUNER_SOURCE_DIR "/tests/rules")) {
    CAPTURE(entry.path().string());
    CHECK(find_rule(entry.path().filename().string()) != nullptr);
  }
}

TEST_CASE("an untouched host has no finding but what its applications did") {
  for (const std::string& name : test::kHosts) {
    CAPTURE(name);
    test::OverlaidFiles files(name);
    const auto host =
        os::read_host(files, test::host_path(name), std::nullopt, keys_to_read(nullptr));
    for (const Finding& finding : check({.host = host})) {
      if (finding.id == "abortive-close-in-use") continue;
      CAPTURE(finding.id);
      CAPTURE(finding.subject);
      CAPTURE(finding.message);
      const bool quiet = finding.status == Status::pass || finding.status == Status::skipped;
      CHECK(quiet);
    }
  }
}

}  // namespace
}  // namespace tuner
