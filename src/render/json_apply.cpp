#include "render/apply.hpp"
#include "render/json_change.hpp"
#include "render/json_parts.hpp"
#include "render/json_transaction.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

using Outcome = StepOutcome::Result;

/// The outcome of the step that has a target; untouched where there is none, or nothing ran.
StepOutcome outcome_of(const ApplyReport& report, Step::Part part, const std::string& target) {
  if (!report.run) return {};
  const auto& steps = report.run->transaction.plan.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (steps[index].part == part && step_name(steps[index]) == target) {
      return report.run->steps[index];
    }
  }
  return {};
}

/// In the words of the contract. What was rolled back is unchanged.
std::string_view word_for(Outcome result) {
  switch (result) {
    case Outcome::changed:
      return "changed";
    case Outcome::failed:
    case Outcome::conflict:
      return "failed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::untouched:
    case Outcome::unchanged:
    case Outcome::restored:
      break;
  }
  return "unchanged";
}

bool is_waiting(const ApplyReport& report) {
  return report.run && report.run->transaction.waiting();
}

ChangeOutcome key_outcome(const ApplyReport& report, const PlannedKey& key) {
  ChangeOutcome outcome{.result = "differs", .file = key.file};
  const bool refused = !report.plan.refusals.empty() || report.error;
  for (const Refusal& refusal : report.plan.refusals) {
    if (refusal.subject == key.change.key) outcome.error = refusal.reason;
  }
  if (refused || (!report.run && !report.dry_run)) {
    outcome.runtime = outcome.error.empty() ? "unchanged" : "failed";
    outcome.persisted = "unchanged";
    return outcome;
  }
  if (report.dry_run) {
    outcome.runtime = key.live ? "changed" : "unchanged";
    outcome.persisted = key.kept ? "changed" : "unchanged";
    return outcome;
  }
  const StepOutcome live = outcome_of(report, Step::Part::live, key.change.key);
  outcome.runtime = word_for(live.result);
  outcome.error = live.detail;
  if (report.run->troubled == key.change.key) {
    outcome.runtime = "failed";
    outcome.error = report.run->trouble;
  }
  const StepOutcome kept = outcome_of(report, Step::Part::keep, key.file);
  outcome.persisted = !key.kept            ? "unchanged"
                      : is_waiting(report) ? "pending"
                                           : word_for(kept.result);
  const State state = report.run->transaction.state();
  const bool stands = state == State::confirmed || state == State::applied;
  outcome.result = stands ? "set" : "differs";
  return outcome;
}

Json other_object(const ApplyReport& report, const PlannedOther& other) {
  const StepOutcome outcome = outcome_of(report, other.step.part, step_name(other.step));
  const bool would = report.dry_run && report.plan.refusals.empty() && !report.error;
  const bool waits = is_waiting(report) && other.step.part == Step::Part::keep;
  return Object()
      .with("subject", other.subject)
      .with("running", other.running)
      .with("wanted", other.wanted)
      .with("result", waits   ? "pending"
                      : would ? "changed"
                              : word_for(outcome.result))
      .with("why", other.why)
      .with("note", other.note)
      .with("error", text_or_null(outcome.detail))
      .json();
}

Json refusal_object(const Refusal& refusal) {
  return Object()
      .with("subject", refusal.subject)
      .with("reason", refusal.reason)
      .with("way_out", text_or_null(refusal.hint))
      .json();
}

Json finished_object(const RunReport& run) { return transaction_object(run.transaction); }

std::vector<Error> errors_of(const ApplyReport& report) {
  std::vector<Error> errors;
  if (report.error) errors.push_back(*report.error);
  if (report.run && !report.run->trouble.empty()) {
    errors.push_back({.subject = report.run->transaction.plan.id, .detail = report.run->trouble});
  }
  for (const Refusal& refusal : report.plan.refusals) {
    errors.push_back({.subject = refusal.subject, .detail = refusal.reason, .hint = refusal.hint});
  }
  return errors;
}

}  // namespace

std::string apply_json(const ApplyReport& report, std::string_view version) {
  const ApplyPlan& plan = report.plan;
  return Document()
      .with("schema", "tuner/apply/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", host_object(*report.host))
      .with("profile", profile_used(report.profile, report.profile_sha256))
      .with("dry_run", report.dry_run)
      .with("changed", report.changed())
      .with("transaction",
            report.run ? transaction_object(report.run->transaction) : json_of(nullptr))
      .with_list("changes", plan.keys,
                 [&report](const PlannedKey& key) {
                   return change_object(key.change, *report.host, key_outcome(report, key));
                 })
      .with_list("other_changes", plan.others,
                 [&report](const PlannedOther& other) { return other_object(report, other); })
      .with_list("skipped", plan.skipped, obstacle_object)
      .with_list("refusals", plan.refusals, refusal_object)
      .with_list("finished", report.finished, finished_object)
      .with("warnings", list_of(plan.warnings))
      .with_list("errors", errors_of(report), error_object)
      .text();
}

}  // namespace tuner::render
