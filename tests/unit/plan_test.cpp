#include "tuner/plan.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "cases.hpp"
#include "judge/plan.hpp"
#include "judge/reading.hpp"
#include "profile/fit.hpp"
#include "profile/inputs.hpp"
#include "tuner/reading.hpp"

/// A case of tests/plans is a captured host, a profile, and everything that its plan has to hold.
namespace tuner {
namespace {

namespace fs = std::filesystem;
using parse::TomlArray;
using parse::TomlTable;

std::vector<std::string> texts_of(const TomlTable& table, std::string_view name) {
  std::vector<std::string> texts;
  const auto* const value = table.find(name);
  if (value == nullptr) return texts;
  for (const auto& element : *value->as<TomlArray>()) texts.push_back(*element.as<std::string>());
  return texts;
}

/// Lines "KEY = TEXT" of a section; all of them where there is no list of keys to look at.
std::vector<std::string> expected(const TomlTable& given, std::string_view section) {
  std::vector<std::string> lines;
  const auto* const table = given.find(section);
  if (table == nullptr) return lines;
  for (const auto& entry : table->as<TomlTable>()->entries) {
    lines.push_back(entry.name + " = " + *entry.as<std::string>());
  }
  return lines;
}

bool looked_at(const std::vector<std::string>& only, const std::string& key) {
  return only.empty() || std::find(only.begin(), only.end(), key) != only.end();
}

void check_changes(const TomlTable& given, const Plan& plan) {
  const auto only = texts_of(given, "only");
  std::vector<std::string> lines;
  std::string derivations;
  for (const Change& change : plan.changes) {
    if (looked_at(only, change.key)) lines.push_back(change.key + " = " + change.wanted);
    derivations += change.derivation + '\n';
    CHECK_FALSE(change.why.empty());
  }
  CHECK(lines == expected(given, "changes"));
  CAPTURE(derivations);
  CHECK(derivations.find(test::text_of(given, "derivation")) != std::string::npos);
}

void check_obstacles(const TomlTable& given, const Plan& plan) {
  const auto wanted = expected(given, "obstacles");
  std::vector<std::string> lines;
  for (const Obstacle& obstacle : plan.obstacles) {
    lines.push_back(obstacle.key + " = " + obstacle.reason);
  }
  CAPTURE(fmt::format("{}", fmt::join(lines, "\n")));
  REQUIRE(lines.size() == wanted.size());
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const auto equals = wanted[index].find(" = ");
    CHECK(lines[index].starts_with(wanted[index].substr(0, equals)));
    CHECK(lines[index].find(wanted[index].substr(equals + 3)) != std::string::npos);
  }
}

void run_case(const fs::path& file) {
  CAPTURE(file.string());
  const auto given = parse::toml(test::slurp(file), file.string());
  if (!given) FAIL(given.error().message());
  test::OverlaidFiles files(test::text_of(*given, "host"));
  test::overlay(*given, files);
  auto profile = test::profile_of(*given).value();
  const auto host = os::read_host(files, test::host_path(test::text_of(*given, "host")),
                                  std::nullopt, plan_reading_for(profile));
  profile = fit_profile(std::move(profile), host);
  const Plan plan = make_plan(profile, host);
  check_changes(*given, plan);
  check_obstacles(*given, plan);
  const std::string warnings = fmt::format("{}", fmt::join(plan.warnings, "\n"));
  CAPTURE(warnings);
  for (const std::string& part : texts_of(*given, "warnings")) {
    CHECK(warnings.find(part) != std::string::npos);
  }
}

TEST_CASE("every plan holds what its case expects, and nothing else") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(TUNER_SOURCE_DIR "/tests/plans")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE_FALSE(cases.empty());
  for (const fs::path& file : cases) run_case(file);
}

/// The host as it is once a plan has been carried out.
HostSnapshot carried_out(HostSnapshot host, const Plan& plan) {
  for (const Change& change : plan.changes) {
    const auto numbers = parse::words(change.wanted);
    SysctlValue value{.text = change.wanted, .numbers = {}};
    for (const auto word : numbers) {
      const auto number = parse::integer(word);
      if (number) value.numbers.push_back(*number);
    }
    host.set_sysctl(change.key, value);
  }
  return host;
}

TEST_CASE("a plan that was carried out is empty, for every profile and host") {
  for (const std::string& name : test::kShipped) {
    const Profile profile = test::shipped(name);
    for (const std::string& host_name : test::kHosts) {
      CAPTURE(name);
      CAPTURE(host_name);
      const auto host = test::read_captured(host_name);
      const Profile fitted = fit_profile(profile, host);
      const Plan plan = make_plan(fitted, host);
      CHECK(make_plan(fitted, carried_out(host, plan)).changes.empty());
      for (const Obstacle& obstacle : plan.obstacles) {
        CAPTURE(obstacle.reason);
        CHECK_FALSE(obstacle.unread);
      }
    }
  }
}

TEST_CASE("the memory that buffers allow stands beside what there is") {
  Profile profile = test::shipped("bulk");
  const std::vector<std::string> inputs{"rtt=10ms", "connections=3"};
  REQUIRE(give_inputs(inputs, profile));
  const auto host = test::read_captured("linux-6.18-x86_64-24g");
  const Plan plan = make_plan(fit_profile(profile, host), host);
  REQUIRE(plan.memory);
  CHECK(plan.memory->per_connection == Bytes(33554432 + 2 * 4194304));
  CHECK(plan.memory->worst_case == Bytes(3 * (33554432 + 2 * 4194304)));
  CHECK(plan.memory->memory == host.memory.value());
  CHECK(plan.warnings.empty());
}

}  // namespace
}  // namespace tuner
