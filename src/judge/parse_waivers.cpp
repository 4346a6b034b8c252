#include "judge/parse_waivers.hpp"

#include <fmt/core.h>

#include "judge/check.hpp"
#include "profile/fields.hpp"
#include "text/suggest.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

namespace tuner {

namespace {

Result<std::string> read_until(const Fields& fields) {
  const parse::TomlValue* const value = fields.content().find("until");
  if (value == nullptr) return std::string();
  const auto* const date = value->as<parse::TomlValue::Date>();
  if (date == nullptr || !date->ok()) {
    return fields.error(value->position, "until is not a date", "Write until = 2027-01-31.");
  }
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date->year()),
                     static_cast<unsigned>(date->month()), static_cast<unsigned>(date->day()));
}

Result<void> check_finding(const Fields& fields, const std::string& name) {
  if (find_rule(name) != nullptr) return {};
  std::vector<std::string_view> names;
  for (const Rule* const rule : rules::kAll) names.push_back(rule->id);
  return fields.error(fields.content().find("finding")->position,
                      "unknown finding \"" + name + "\"", did_you_mean(name, names));
}

Result<Waiver> parse_waiver(const Fields& fields) {
  auto known = fields.expect_only({"finding", "subject", "reason", "until"});
  if (!known) return tl::unexpected(known.error());
  auto finding = fields.required_text("finding");
  if (!finding) return tl::unexpected(finding.error());
  known = check_finding(fields, *finding);
  if (!known) return tl::unexpected(known.error());
  auto subject = fields.text("subject");
  if (!subject) return tl::unexpected(subject.error());
  auto reason = fields.required_text("reason");
  if (!reason) return tl::unexpected(reason.error());
  auto until = read_until(fields);
  if (!until) return tl::unexpected(until.error());
  return Waiver{.finding = std::move(*finding),
                .subject = subject->value_or(""),
                .reason = std::move(*reason),
                .until = std::move(*until)};
}

bool covers(const Waiver& waiver, const Finding& finding) {
  return waiver.finding == finding.id && finding.status == Status::fail &&
         (waiver.subject.empty() || waiver.subject == finding.subject);
}

int waive(std::vector<Finding>& findings, const Waiver& waiver) {
  int count = 0;
  for (Finding& finding : findings) {
    if (!covers(waiver, finding)) continue;
    finding.status = Status::skipped;
    finding.waiver = waiver;
    ++count;
  }
  return count;
}

}  // namespace

Result<std::vector<Waiver>> parse_waivers(std::string_view text, const std::string& file) {
  const auto document = parse::toml(text, file);
  if (!document) return tl::unexpected(document.error());
  const Fields fields(file, "", *document);
  const auto known = fields.expect_only({"waiver"});
  if (!known) return tl::unexpected(known.error());
  std::vector<Waiver> waivers;
  const parse::TomlValue* const list = document->find("waiver");
  if (list == nullptr) return waivers;
  const auto* const array = list->as<parse::TomlArray>();
  if (array == nullptr) {
    return fields.error(list->position, "waiver is not an array of tables",
                        "Open each waiver with [[waiver]].");
  }
  for (const parse::TomlValue& element : *array) {
    const auto* const table = element.as<parse::TomlTable>();
    if (table == nullptr) {
      return fields.error(element.position, "a waiver is not a table",
                          "Open each waiver with [[waiver]].");
    }
    auto waiver = parse_waiver(Fields(file, "waiver", *table));
    if (!waiver) return tl::unexpected(waiver.error());
    waivers.push_back(std::move(*waiver));
  }
  return waivers;
}

std::vector<std::string> apply_waivers(std::vector<Finding>& findings,
                                       const std::vector<Waiver>& waivers,
                                       std::chrono::year_month_day today) {
  const std::string date =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(today.year()),
                  static_cast<unsigned>(today.month()), static_cast<unsigned>(today.day()));
  std::vector<std::string> warnings;
  for (const Waiver& waiver : waivers) {
    const std::string name =
        waiver.subject.empty() ? waiver.finding : waiver.finding + " " + waiver.subject;
    if (!waiver.until.empty() && waiver.until < date) {
      warnings.push_back("The waiver of " + name + " expired on " + waiver.until + ".");
    } else if (waive(findings, waiver) == 0) {
      warnings.push_back("The waiver of " + name + " covers nothing.");
    }
  }
  return warnings;
}

}  // namespace tuner
