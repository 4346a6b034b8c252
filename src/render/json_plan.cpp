#include "render/json_plan.hpp"

#include "render/json_change.hpp"
#include "render/json_parts.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

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
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", host_object(*report.host))
      .with("profile", profile_used(report.profile, report.profile_sha256))
      .with("changed", !plan.changes.empty())
      .with_list(
          "changes", plan.changes,
          [&report](const Change& change) { return change_object(change, *report.host, {}); })
      .with_list("obstacles", plan.obstacles, obstacle_object)
      .with("memory", plan.memory ? memory_object(*plan.memory) : json_of(nullptr))
      .with("warnings", list_of(plan.warnings))
      .with_list("errors", kNoErrors, error_object)
      .text();
}

}  // namespace tuner::render
