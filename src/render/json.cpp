#include "render/json.hpp"

#include "judge/check.hpp"
#include "profile/parse_demand.hpp"
#include "render/explain.hpp"

#include <fmt/core.h>

#include "judge/findings.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/measurements.hpp"
#include "knowledge/purpose.hpp"
#include "model/number.hpp"
#include "render/json_parts.hpp"
#include "render/names.hpp"
#include "render/since.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

Json waiver_object(const Waiver& waiver) {
  return Object().with("reason", waiver.reason).with("until", waiver.until).json();
}

Json location_object(const Location& location) {
  return Object().with("file", location.file).with("line", location.line).json();
}

Json setting_object(const Setting& setting) {
  return Object().with("key", setting.key).with("value", setting.value).json();
}

Json fix_object(const Fix& fix) {
  return Object()
      .with("kind", fix_kind_name(fix.kind))
      .with("text", fix_text(fix))
      .with("settings", list_of(fix.settings, setting_object))
      .json();
}

Json finding_object(const Finding& finding) {
  return Object()
      .with("id", finding.id)
      .with("status", status_name(finding.status))
      .with("severity", severity_name(finding.severity))
      .with("subject", finding.subject)
      .with("key", finding.key)
      .with("running", finding.running)
      .with("boot", finding.boot)
      .with("wanted", finding.wanted)
      .with("unit", finding.unit)
      .with("message", finding.message)
      .with("evidence", list_of(finding.evidence, evidence_object))
      .with("why", why_of(finding))
      .with("source", source_of(finding))
      .with("cost", finding.cost)
      .with("fix", fix_object(finding.fix))
      .with("location", finding.location ? location_object(*finding.location) : json_of(nullptr))
      .with("waiver", finding.waiver ? waiver_object(*finding.waiver) : json_of(nullptr))
      .json();
}

Json condition_of(const Demand& demand) {
  return demand.when ? json_of(tuner::condition_text(*demand.when)) : json_of(nullptr);
}

Json demand_object(const Demand& demand) {
  return Object()
      .with("area", area_name(demand.area))
      .with("key", demand.key)
      .with("demand", demand_kind_name(demand.kind))
      .with("value", demand.written)
      .with("why", demand.why)
      .with("source", demand.source)
      .with("cost", demand.cost)
      .with("when", condition_of(demand))
      .with("derivation", demand.derivation)
      .with("profile", demand.profile)
      .with("chain", list_of(demand.chain))
      .with("replaces", list_of(demand.replaces))
      .with("file", demand.file)
      .with("line", demand.position.line)
      .json();
}

Json profile_object(const Profile& profile) {
  return Object()
      .with("name", profile.name)
      .with("summary", profile.summary)
      .with("path", profile.path)
      .json();
}

Json here_object(const Fact& fact, std::string_view key, const HostSnapshot& host) {
  const auto& value = host.sysctl(key);
  const auto numbers = value ? value->numbers : std::vector<std::int64_t>();
  const auto size_of = [&](std::int64_t number) {
    return json_of(judge::with_size(fact, number, host));
  };
  return Object()
      .with("running", value ? json_of(value->text) : json_of(nullptr))
      .with("state", value ? std::string("present") : unread_text(value.error()))
      .with("default", judge::default_text(fact, host).value_or(""))
      .with("sizes", list_of(numbers, size_of))
      .json();
}

Json values_object(const Fact& fact) {
  Object values;
  for (const ValueMeaning& value : fact.values) {
    values.with(std::to_string(value.value), value.meaning);
  }
  return values.json();
}

Json measurement_object(const Measurement& measurement) {
  return Object()
      .with("effect", measurement.effect)
      .with("kernel", measurement.kernel)
      .with("date", measurement.date)
      .json();
}

}  // namespace

std::string audit_json(const Report& report, std::string_view version) {
  return Document()
      .with("schema", "tuner/audit/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", report.host ? host_object(*report.host) : json_of(nullptr))
      .with("profile", report.profile ? profile_used(*report.profile, report.profile_sha256)
                                      : json_of(nullptr))
      .with("complete", report.complete())
      .with("summary", summary_object(report.summary()))
      .with_list("findings", worst_first(report.findings),
                 [](const Finding* finding) { return finding_object(*finding); })
      .with("since", since_object(report))
      .with("next", report.next_command.empty() ? json_of(nullptr) : json_of(report.next_command))
      .with("warnings", list_of(report.warnings))
      .with_list("errors", report.errors, error_object)
      .text();
}

std::string fact_json(const Fact& fact, const KeyHere& here) {
  const std::string& key = here.key;
  const HostSnapshot& host = here.host;
  const Range range = judge::range_of(fact, host);
  return Document()
      .with("schema", "tuner/explain/1")
      .with("key", key)
      .with("what", purpose_of(fact))
      .with("advice", here.advice)
      .with("unit", unit_name(fact))
      .with("elements", list_of(fact.elements))
      .with("values", values_object(fact))
      .with("range", Object()
                         .with("min", range.min)
                         .with("max", range.max)
                         .with("outside", outside_name(judge::outside_of(fact, host)))
                         .json())
      .with("scope", scope_name(fact.scope))
      .with("child_namespace", child_name(fact.child))
      .with("ipv6", ipv6_name(fact.ipv6))
      .with("takes_effect", effect_name(fact.effect))
      .with("takes_effect_note", fact.effect_note)
      .with("written_by_tuner", fact.write == Write::allowed)
      .with("default", fact.default_text)
      .with("since", fact.since)
      .with("removed", fact.removed)
      .with("changes", list_of(parse::lines(fact.changes)))
      .with("capped_by", fact.capped_by)
      .with("caps", fact.caps)
      .with("notes", list_of(parse::lines(fact.notes)))
      .with("source", fact.source)
      .with_list("measured", measurements_of(key), measurement_object)
      .with("here", here_object(fact, key, host))
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string unknown_key_json(std::string_view key, const SysctlValue& value) {
  return Document()
      .with("schema", "tuner/explain/1")
      .with("key", key)
      .with("known", false)
      .with("here", Object().with("running", value.text).json())
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string counter_json(const CounterUse& use, std::string_view counter,
                         const Observed<std::int64_t>& number) {
  const auto text = [](std::string_view words) {
    return words.empty() ? std::optional<std::string>() : std::string(words);
  };
  return Document()
      .with("schema", "tuner/explain/1")
      .with("counter", counter)
      .with("judged_by", text(use.reason.empty() ? use.rule : std::string_view()))
      .with("shown_by", text(use.rule))
      .with("reason", text(use.reason))
      .with("here", number ? std::optional(*number) : std::nullopt)
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string rule_json(const Rule& rule) {
  return Document()
      .with("schema", "tuner/explain/1")
      .with("finding", rule.id)
      .with("what", rule.what)
      .with("why", rule.why)
      .with("fix", rule.fix)
      .with("source", rule.source)
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string profile_list_json(std::span<const Profile> profiles) {
  return Document()
      .with("schema", "tuner/profile/1")
      .with_list("profiles", profiles, profile_object)
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string profile_json(const Profile& profile) {
  return Document()
      .with("schema", "tuner/profile/1")
      .with("name", profile.name)
      .with("summary", profile.summary)
      .with("path", profile.path)
      .with("include", list_of(profile.includes))
      .with("inputs", inputs_object(profile))
      .with_list("demands", profile.demands, demand_object)
      .with_list("errors", kNoErrors, error_object)
      .text();
}

std::string failure_json(std::string_view command, std::span<const Error> errors) {
  return Document()
      .with("schema", fmt::format("tuner/{}/1", command))
      .with_list("errors", errors, error_object)
      .text();
}

}  // namespace tuner::render
