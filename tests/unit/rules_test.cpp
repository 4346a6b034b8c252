#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "cases.hpp"
#include "judge/check.hpp"
#include "judge/reading.hpp"
#include "os/read_boot.hpp"
#include "profile/fit.hpp"
#include "tuner/reading.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

/// A case of tests/rules/FINDING is a captured host with a few files or counters changed, and what
/// the rule has to say about it.
namespace tuner {
namespace {

namespace fs = std::filesystem;
using parse::TomlArray;
using parse::TomlTable;
using test::slurp;
using test::text_of;

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
  return same("status", std::string(status_name(finding.status))) &&
         same("severity", std::string(severity_name(finding.severity))) &&
         same("subject", finding.subject) && same("running", finding.running) &&
         same("wanted", finding.wanted) && same("unit", finding.unit) &&
         contains(finding.message, text_of(wanted, "message")) &&
         contains(fix_text(finding.fix), text_of(wanted, "fix")) &&
         contains(std::string(why_of(finding)), text_of(wanted, "why")) &&
         has_evidence(finding, text_of(wanted, "evidence"));
}

std::string shown(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(status_name(finding.status)) + " " +
            std::string(severity_name(finding.severity)) + " " + finding.subject + ": " +
            finding.message + " running=" + finding.running.value_or("") +
            " wanted=" + finding.wanted.value_or("") + " fix=" + fix_text(finding.fix) + "\n";
  }
  return text;
}

/// What a finding states begins with a capital, a number or a name, and ends with a full stop.
bool is_sentence(std::string_view text) {
  return !text.empty() && text.ends_with('.') && text.front() != ' ' && !text.ends_with("..");
}

void run_case(const std::string& rule, const fs::path& file) {
  CAPTURE(file.string());
  const auto given = parse::toml(slurp(file), file.string());
  if (!given) FAIL(given.error().message());
  test::OverlaidFiles files(text_of(*given, "host"));
  test::overlay(*given, files);
  auto profile = test::profile_of(*given);
  // Read as an audit reads: a rule that does not say which keys it looks at finds them unread.
  auto reading = reading_for(profile ? &*profile : nullptr);
  reading.interfaces = true;
  os::BootFiles boot_files(files, os::Kernel::captured, {});
  reading.congestion_modules |= boot_files.reading().congestion_modules;
  const auto host =
      os::read_host(files, test::host_path(text_of(*given, "host")), std::nullopt, reading);
  if (profile) profile = fit_profile(std::move(*profile), host);
  const BootView boot = boot_files.view(host);
  auto findings = check({.host = host, .profile = profile ? &*profile : nullptr, .boot = &boot});
  const std::string subject = text_of(*given, "subject");
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.id != rule || (!subject.empty() && finding.subject != subject);
  });
  CAPTURE(shown(findings));
  for (const Finding& finding : findings) CHECK(is_sentence(finding.message));
  if (text_of(*given, "status") == "none") {
    CHECK(findings.empty());
    return;
  }
  CHECK(std::any_of(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return matches(finding, *given); }));
}

std::vector<fs::path> cases_of(std::string_view rule) {
  std::vector<fs::path> cases;
  const fs::path directory = fs::path(TUNER_SOURCE_DIR "/tests/rules") / rule;
  if (!fs::is_directory(directory)) return cases;
  for (const auto& entry : fs::directory_iterator(directory)) cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  return cases;
}

TEST_CASE("every rule says what its cases expect") {
  for (const Rule* const rule : rules::kAll) {
    for (const fs::path& file : cases_of(rule->id)) run_case(std::string(rule->id), file);
  }
}

TEST_CASE("each of two troubles is named once, and neither is taken for the other") {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(TUNER_SOURCE_DIR "/tests/rules-together")) {
    CAPTURE(entry.path().string());
    const auto given = parse::toml(slurp(entry.path()), entry.path().string()).value();
    test::OverlaidFiles files(text_of(given, "host"));
    test::overlay(given, files);
    const auto host = os::read_host(files, test::host_path(text_of(given, "host")), std::nullopt,
                                    reading_for(nullptr));
    std::vector<Finding> failed = check({.host = host});
    std::erase_if(failed, [](const Finding& finding) { return finding.status != Status::fail; });
    CAPTURE(shown(failed));
    std::vector<std::string> names;
    for (const Finding& finding : failed) names.push_back(finding.id);
    std::vector<std::string> wanted;
    for (const auto& name : *given.find("names")->as<TomlArray>()) {
      wanted.push_back(*name.as<std::string>());
    }
    CHECK(names == wanted);
    CHECK(contains(shown(failed), text_of(given, "message")));
    ++cases;
  }
  CHECK(cases >= 6);
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

TEST_CASE("every directory of cases belongs to a rule") {
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
        os::read_host(files, test::host_path(name), std::nullopt, reading_for(nullptr));
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
