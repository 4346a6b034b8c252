#include "render/json_transaction.hpp"

#include <algorithm>

#include "render/json_parts.hpp"
#include "render/transaction.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

/// The waiting is counted in time since boot; the record says when that was on the wall's clock.
Json confirm_by(const Transaction& transaction) {
  if (!transaction.waiting() || !transaction.plan.confirm_within) return json_of(nullptr);
  const auto since =
      std::chrono::duration_cast<std::chrono::seconds>(*transaction.plan.confirm_within);
  return json_of(text::timestamp(transaction.records.back().at + since));
}

std::vector<std::string> ids_of(const std::vector<Transaction>& transactions) {
  std::vector<std::string> ids;
  ids.reserve(transactions.size());
  for (const Transaction& one : transactions) ids.push_back(one.plan.id);
  return ids;
}

constexpr std::string_view kKinds[] = {"sysctl", "file", "route", "limit"};

std::string_view kind_of(const Step& step) { return kKinds[static_cast<std::size_t>(step.kind)]; }

Json step_object(const Step& step) {
  return Object()
      .with("kind", kind_of(step))
      .with("target", step_name(step))
      .with("original", step.original)
      .with("wanted", step.wanted)
      .with("follows", step.follows)
      .with("why", text_or_null(step.why))
      .json();
}

Json record_object(const Record& record) {
  return Object()
      .with("state", state_name(record.state))
      .with("at", text::timestamp(record.at))
      .with("user", record.actor.user)
      .with("command", record.actor.command)
      .with("reason", text_or_null(record.reason))
      .with("conflicts", list_of(record.conflicts))
      .json();
}

Json drift_object(const Drift& drift) {
  return Object()
      .with("subject", drift.subject)
      .with("applied", drift.applied)
      .with("running", drift.running)
      .with("transaction", drift.id)
      .json();
}

Json run_object(const RunReport& run) {
  std::string outcomes;
  for (std::size_t index = 0; index < run.steps.size(); ++index) {
    const Step& step = run.transaction.plan.steps[index];
    if (!outcomes.empty()) outcomes += ',';
    outcomes += Object()
                    .with("kind", kind_of(step))
                    .with("target", step_name(step))
                    .with("result", outcome_name(run.steps[index].result))
                    .with("detail", text_or_null(run.steps[index].detail))
                    .json()
                    .text;
  }
  return Object()
      .with("id", run.transaction.plan.id)
      .with("state", state_name(run.transaction.state()))
      .with("trouble", text_or_null(run.trouble))
      .with("steps", Json{'[' + outcomes + ']'})
      .json();
}

Json optional_transaction(const std::optional<Transaction>& transaction) {
  return transaction ? transaction_object(*transaction) : json_of(nullptr);
}

}  // namespace

Json transaction_object(const Transaction& transaction) {
  const TransactionPlan& plan = transaction.plan;
  return Object()
      .with("id", plan.id)
      .with("state", state_name(transaction.state()))
      .with("confirm_by", confirm_by(transaction))
      .with("created", text::timestamp(plan.created))
      .with("user", plan.actor.user)
      .with("command", plan.actor.command)
      .with("profile", plan.profile)
      .with("boot_id", plan.place.boot)
      .with("network_namespace", plan.place.network_namespace)
      .with("changes", list_of(plan.steps, step_object))
      .with("records", list_of(transaction.records, record_object))
      .json();
}

namespace {

Json in_force_object(const std::pair<Transaction, Standing>& one) {
  return Object()
      .with("id", one.first.plan.id)
      .with("profile", text_or_null(one.first.plan.profile))
      .with("keys", one.second.keys)
      .with("own", one.second.own)
      .with("later", list_of(one.second.later))
      .json();
}

Json boot_change_object(const BootChange& change) {
  constexpr std::string_view kNames[] = {"overruled", "returns", "ends"};
  return Object()
      .with("change", kNames[static_cast<std::size_t>(change.kind)])
      .with("key", change.key)
      .with("applied", change.applied)
      .with("boot", change.boot)
      .with("file", text_or_null(change.file))
      .with("line", change.line)
      .json();
}

}  // namespace

std::string status_json(const StatusReport& report, std::string_view version) {
  return Document()
      .with("schema", "tuner/status/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("waiting", optional_transaction(report.waiting))
      .with("standing", optional_transaction(report.standing))
      .with("values_back", report.values_back)
      .with("timer_runs", report.waiting ? json_of(report.timer_runs) : json_of(nullptr))
      .with("expired", optional_transaction(report.expired))
      .with("elsewhere", list_of(ids_of(report.elsewhere)))
      .with("foreign", list_of(ids_of(report.foreign)))
      .with("at_work", report.at_work)
      .with("in_force", list_of(report.in_force, in_force_object))
      .with("next_boot", list_of(report.next_boot.changes, boot_change_object))
      .with_list("unfinished", report.unfinished, transaction_object)
      .with_list("conflicts", report.conflicts, transaction_object)
      .with_list("drift", report.drift, drift_object)
      .with_list("errors", report.damaged, error_object)
      .text();
}

std::string history_json(const HistoryReport& report, std::string_view version) {
  return Document()
      .with("schema", "tuner/history/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with_list("transactions", report.transactions, transaction_object)
      .with("foreign", list_of(ids_of(report.foreign)))
      .with_list("errors", report.damaged, error_object)
      .text();
}

std::string action_json(const ActionReport& report, std::string_view version) {
  std::vector<Error> errors;
  if (report.run && !report.run->trouble.empty()) {
    errors.push_back({.subject = report.run->transaction.plan.id, .detail = report.run->trouble});
  }
  return Document()
      .with("schema", "tuner/" + report.action + "/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("transaction",
            report.run ? transaction_object(report.run->transaction) : json_of(nullptr))
      .with("run", report.run ? run_object(*report.run) : json_of(nullptr))
      .with("message", text_or_null(report.nothing))
      .with_list("finished", report.finished, run_object)
      .with("notes", list_of(report.notes))
      .with("warnings", list_of(report.warnings))
      .with_list("errors", errors, error_object)
      .text();
}

}  // namespace tuner::render
