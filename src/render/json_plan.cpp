#include "render/json_plan.hpp"

#include "core/judge/findings.hpp"
#include "core/parse/sysctl.hpp"
#include "render/json_parts.hpp"

namespace tuner::render {

namespace {

/// A default that is not exact is no value of /proc.
Json default_of(const Change& change) {
  const bool known = change.fact != nullptr && change.fact->default_rule != nullptr;
  const bool exact = change.default_text.find("..") == std::string::npos;
  return known && exact ? json_of(change.default_text) : json_of(nullptr);
}

Json size_list(const Change& change, const std::string& value, const HostSnapshot& host) {
  return list_of(parse::sysctl_value(value).numbers, [&](std::int64_t number) {
    return change.fact == nullptr ? json_of(nullptr)
                                  : json_of(judge::with_size(*change.fact, number, host));
  });
}

Json change_object(const Change& change, const HostSnapshot& host) {
  const std::string_view unit = change.fact == nullptr ? "" : unit_name(*change.fact);
  return Object()
      .with("key", change.key)
      .with("unit", unit.empty() ? json_of(nullptr) : json_of(unit))
      .with("default", default_of(change))
      .with("default_text", change.default_text)
      .with("boot", change.boot)
      .with("running", change.running)
      .with("wanted", change.wanted)
      .with("sizes", Object()
                         .with("running", size_list(change, change.running, host))
                         .with("wanted", size_list(change, change.wanted, host))
                         .json())
      .with("result", "differs")
      .with("why", change.why)
      .with("derivation", change.derivation)
      .with("source", change.source)
      .with("cost", change.cost)
      .with("profile", change.profile)
      .with("file", nullptr)
      .with("runtime", nullptr)
      .with("persisted", nullptr)
      .with("error", nullptr)
      .json();
}

Json obstacle_object(const Obstacle& obstacle) {
  return Object()
      .with("key", obstacle.key)
      .with("reason", obstacle.reason)
      .with("differs", obstacle.differs)
      .with("unread", obstacle.unread)
      .json();
}

template <class Quantity>
Json count_of(const std::optional<Quantity>& quantity) {
  return quantity ? json_of(quantity->count()) : json_of(nullptr);
}

Json memory_object(const MemoryNeed& need) {
  return Object()
      .with("bytes_per_connection", need.per_connection.count())
      .with("connections", count_of(need.connections))
      .with("worst_case_bytes", count_of(need.worst_case))
      .with("tcp_mem_limit_bytes", count_of(need.tcp_limit))
      .with("memory_bytes", count_of(need.memory))
      .json();
}

}  // namespace

std::string plan_json(const PlanReport& report, std::string_view version) {
  const Plan& plan = report.plan;
  return Document()
      .with("schema", "tuner/diff/1")
      .with("tool", tool_object(version))
      .with("generated_at", time_text(report.generated_at))
      .with("host", host_object(report.host))
      .with("profile", profile_used(report.profile, report.profile_sha256))
      .with("changed", !plan.changes.empty())
      .with_list("changes", plan.changes,
                 [&report](const Change& change) { return change_object(change, report.host); })
      .with_list("obstacles", plan.obstacles, obstacle_object)
      .with("memory", plan.memory ? memory_object(*plan.memory) : json_of(nullptr))
      .with("warnings", list_of(plan.warnings))
      .with_list("errors", kNoErrors, error_object)
      .text();
}

}  // namespace tuner::render
