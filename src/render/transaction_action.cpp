#include <fmt/core.h>

#include <algorithm>

#include "render/text.hpp"
#include "render/transaction.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

using Outcome = StepOutcome::Result;
constexpr int kActionIndent = 2;

/// The keys that have their old values; what is gone, or was left, has none.
std::string keys_back(const RunReport& run) {
  std::int64_t keys = 0;
  const auto& steps = run.transaction.plan.steps;
  for (std::size_t index = 0; index < std::min(steps.size(), run.steps.size()); ++index) {
    const bool back = run.steps[index].result == Outcome::restored ||
                      run.steps[index].result == Outcome::unchanged;
    if (back && steps[index].kind == Step::Kind::sysctl && !steps[index].follows) ++keys;
  }
  return text::plural(keys, "key", "keys");
}

std::string conflicts_text(const RunReport& run, const Style& style) {
  std::string text;
  for (std::size_t index = 0; index < run.steps.size(); ++index) {
    const StepOutcome& outcome = run.steps[index];
    const bool worth_saying = outcome.result == Outcome::conflict ||
                              outcome.result == Outcome::failed ||
                              outcome.result == Outcome::skipped;
    const bool follows = run.transaction.plan.steps[index].follows;
    if (!worth_saying || (follows && outcome.result == Outcome::skipped)) continue;
    text += wrapped(
        fmt::format("{} {}: {}.", outcome.result == Outcome::skipped ? "Skipped" : "Left alone",
                    step_name(run.transaction.plan.steps[index]), outcome.detail),
        kActionIndent, style);
  }
  if (!run.transaction.records.empty()) {
    for (const std::string& one : run.transaction.records.back().notes) {
      text += wrapped(one + '.', kActionIndent, style);
    }
  }
  return text;
}

/// What went back, a line each: the values, and the files.
std::string restored_text(const RunReport& run, const Style& style) {
  constexpr std::size_t kMost = 12;
  std::string text;
  std::size_t shown = 0;
  const auto& steps = run.transaction.plan.steps;
  for (std::size_t index = 0; index < std::min(steps.size(), run.steps.size()); ++index) {
    const Step& step = steps[index];
    const bool back = run.steps[index].result == Outcome::restored && !step.follows &&
                      step.part != Step::Part::pending;
    if (!back || ++shown > kMost) continue;
    const std::string value = step.original.value_or("");
    std::string line = step_name(step) + ": ";
    if (step.kind == Step::Kind::file) line += step.original ? "as it was" : "removed";
    if (step.kind != Step::Kind::file) line += value.empty() ? "empty" : value;
    std::replace(line.begin(), line.end(), '\t', ' ');
    text += wrapped(line, kActionIndent, style);
  }
  if (shown > kMost) {
    text += wrapped(
        fmt::format("and {} more: tuner history {}", shown - kMost, run.transaction.plan.id),
        kActionIndent, style);
  }
  return text;
}

/// `command` takes the rest of it back, with the options that it needs.
std::string verdict(const RunReport& run, std::string_view command, const Style& style) {
  const TransactionPlan& plan = run.transaction.plan;
  std::string text;
  switch (run.transaction.state()) {
    case State::confirmed:
      text = fmt::format(
          "{} is confirmed ({}, {}): it stays {}.", plan.id, asked_for(plan), key_count(plan),
          plan.place.first_namespace
              ? "until you roll it back"
              : "as long as this network namespace exists, or until you roll it back");
      break;
    case State::reverted:
      text = fmt::format("{} is rolled back: {} as before.{}", plan.id, keys_back(run),
                         run.trouble.empty() ? "" : " That could not be recorded: ") +
             run.trouble;
      break;
    case State::applied:
      text = fmt::format("{} is still waiting: {}.", plan.id, run.trouble);
      break;
    case State::conflict:
      return leading_to(
          fmt::format("{}{} --force", command, plan.id),
          plan.id + " is rolled back, except for the items above. To overwrite those too:", style);
    default:
      text = fmt::format("{} is unfinished: {}. The next tuner recover tries again.", plan.id,
                         run.trouble);
  }
  return wrapped(text, 0, style);
}

}  // namespace

std::string finished_line(const RunReport& run) {
  const Transaction& transaction = run.transaction;
  const std::string_view reason =
      transaction.records.empty() ? "" : std::string_view(transaction.records.back().reason);
  if (transaction.state() == State::applied) {
    return fmt::format("{} is still waiting for tuner confirm: {}.", transaction.plan.id,
                       run.trouble.empty() ? reason : std::string_view(run.trouble));
  }
  if (reason.starts_with("asked for")) {
    return fmt::format("{} is {}.", transaction.plan.id, words_for(transaction.state()));
  }
  return fmt::format("An earlier change, {}, is {} now{}{}.", transaction.plan.id,
                     words_for(transaction.state()), reason.empty() ? "" : ": ", reason);
}

std::string action_text(const ActionReport& report, const Style& style) {
  std::string text;
  for (const RunReport& run : report.finished) {
    text += wrapped(finished_line(run), 0, style) + conflicts_text(run, style);
  }
  if (report.run) {
    const bool below = std::any_of(
        report.finished.begin(), report.finished.end(),
        [](const RunReport& run) { return run.transaction.state() == State::conflict; });
    // Newer ones that met a conflict too go back first.
    const std::string options =
        std::string(report.adopted ? "--adopt " : "") + (below ? "--through " : "");
    const std::string command = "tuner rollback" + report.place + ' ';
    const State state = report.run->transaction.state();
    if (state == State::reverted || state == State::conflict) {
      text += restored_text(*report.run, style);
    }
    text += conflicts_text(*report.run, style) + verdict(*report.run, command + options, style);
    if (below && report.run->transaction.state() == State::reverted) {
      text += leading_to("tuner rollback" + report.place + " --force",
                         "To overwrite the items above too:", style);
    }
  } else if (!report.nothing.empty()) {
    text += wrapped(report.nothing, 0, style);
  }
  for (const std::string& note : report.notes) text += wrapped(note, 0, style);
  for (const std::string& warning : report.warnings)
    text += wrapped("Warning: " + warning, 0, style);
  return clean(text, style.charset);
}

}  // namespace tuner::render
