#include "change/engine.hpp"

#include <algorithm>

#include "read/same_value.hpp"

namespace tuner::engine {

namespace {

std::string shown(const std::optional<std::string>& value) {
  return value ? '"' + *value + '"' : "no such file";
}

StepOutcome failed(std::string detail) {
  return {.result = StepOutcome::Result::failed, .detail = std::move(detail)};
}

/// False, for those who go no further.
bool in_trouble(RunReport& report, std::size_t index) {
  report.troubled = step_name(report.transaction.plan.steps[index]);
  report.trouble = report.troubled + ": " + report.steps[index].detail;
  return false;
}

}  // namespace

Result<void> Engine::note(Transaction& transaction, Record record) {
  record.at = clock_.now();
  record.actor = actor_;
  auto written = journal_.append(transaction.plan.id, record);
  // What failed may have landed; the transaction in memory goes on as if it had.
  transaction.records.push_back(std::move(record));
  return written;
}

/// One write, read back. What is equal is left alone: writing it again may have side effects.
StepOutcome Engine::put(const Step& step) {
  const auto before = store_.read(step);
  if (!before) return failed(before.error().message());
  if (same_value(step, *before, step.wanted)) return {.result = StepOutcome::Result::unchanged};
  if (!step.moved && !same_value(step, *before, step.original)) {
    return failed("it changed since it was read: " + shown(*before) + ", not " +
                  shown(step.original));
  }
  const auto written = store_.write(step, step.wanted, *before);
  if (!written) return failed(written.error().message());
  const auto after = store_.read(step);
  if (!after) return failed(after.error().message());
  if (same_value(step, *after, step.wanted)) return {.result = StepOutcome::Result::changed};
  return failed(step.kind == Step::Kind::file
                    ? "it reads back with a different value"
                    : "it reads back as " + shown(*after) + ", not " + shown(step.wanted));
}

bool Engine::begin(RunReport& report) {
  Transaction& transaction = report.transaction;
  const TransactionPlan& plan = transaction.plan;
  if (plan.confirm_within) {
    const auto at = clock_.since_boot() + *plan.confirm_within;
    const auto timer = clock_.arm(plan.id, at);
    const auto noted =
        timer ? note(transaction, {.state = State::armed, .confirm_by = at, .timer = *timer})
              : tl::unexpected(timer.error());
    if (!noted) {
      report.trouble = noted.error().message();
      if (timer) clock_.disarm(*timer);
      return false;
    }
  }
  const auto noted = note(transaction, {.state = State::applying});
  if (!noted) report.trouble = noted.error().message();
  return noted.has_value();
}

bool Engine::write_live(RunReport& report) {
  const auto& steps = report.transaction.plan.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const Step& step = steps[index];
    if (step.part == Step::Part::keep || step.follows) continue;
    report.steps[index] = put(step);
    if (report.steps[index].result != StepOutcome::Result::failed) continue;
    return in_trouble(report, index);
  }
  return true;
}

/// A later write may have moved an earlier value.
bool Engine::verify_live(RunReport& report) {
  const auto& steps = report.transaction.plan.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const Step& step = steps[index];
    if (step.part == Step::Part::keep || step.follows) continue;
    const auto live = store_.read(step);
    if (live && same_value(step, *live, step.wanted)) continue;
    report.steps[index] =
        failed(live ? "it did not stay: it is now " + shown(*live) : live.error().message());
    return in_trouble(report, index);
  }
  return true;
}

std::map<std::string, std::string> Engine::followed(const Transaction& transaction) {
  std::map<std::string, std::string> values;
  for (const Step& step : transaction.plan.steps) {
    if (!step.follows) continue;
    const auto live = store_.read(step);
    if (live && *live) values.emplace(step.target, **live);
  }
  return values;
}

RunReport Engine::apply(TransactionPlan plan) {
  RunReport report;
  report.transaction.plan = std::move(plan);
  Transaction& transaction = report.transaction;
  report.steps.resize(transaction.plan.steps.size());
  if (const auto created = journal_.create(transaction.plan); !created) {
    report.trouble = created.error().message();
    transaction.records.push_back({.state = State::reverted, .reason = report.trouble});
    return report;
  }
  if (!begin(report)) {
    stop_timer(transaction);
    (void)note(transaction, {.state = State::reverted, .reason = report.trouble});
    return report;
  }
  if (write_live(report) && verify_live(report)) {
    if (!transaction.plan.confirm_within) {
      keep(report, {.followed = followed(transaction)});
      if (report.trouble.empty() || transaction.state() == State::confirmed) return report;
    } else {
      const auto noted =
          note(transaction, {.state = State::applied,
                             .confirm_by = transaction.last(State::armed)->confirm_by,
                             .timer = transaction.last(State::armed)->timer,
                             .followed = followed(transaction)});
      if (noted) return report;
      report.trouble = noted.error().message();
    }
  }
  const std::string reason = report.trouble;
  undo(report, Conflicts::leave, Reach::everything, reason);
  return report;
}

/// From here on recovery goes forward: the files are written, and the sysctl.d file is the last of
/// them, so that a boot after a power cut finds all of them or none that counts.
void Engine::keep(RunReport& report, Record record) {
  Transaction& transaction = report.transaction;
  record.state = State::confirming;
  if (const auto noted = note(transaction, std::move(record)); !noted) {
    report.trouble = noted.error().message();
    transaction.records.pop_back();  // nothing was begun
    return;
  }
  const auto& steps = transaction.plan.steps;
  const auto fail_at = [&](std::size_t index, StepOutcome outcome) {
    report.steps[index] = std::move(outcome);
    in_trouble(report, index);
  };
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (steps[index].part != Step::Part::keep) continue;
    StepOutcome outcome = put(steps[index]);
    if (outcome.result == StepOutcome::Result::failed) return fail_at(index, std::move(outcome));
    report.steps[index] = std::move(outcome);
  }
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (steps[index].part != Step::Part::pending) continue;
    StepOutcome outcome = restore(steps[index], steps[index].original);
    if (outcome.result == StepOutcome::Result::failed) return fail_at(index, std::move(outcome));
  }
  const auto noted = note(transaction, {.state = State::confirmed});
  // All is in its place; what is not in the journal, the next run finishes.
  if (!noted) report.trouble = noted.error().message();
  stop_timer(transaction);
}

const Record* Engine::armed_by(const Transaction& transaction) {
  const Record* const applied = transaction.last(State::applied);
  return applied != nullptr ? applied : transaction.last(State::armed);
}

void Engine::stop_timer(const Transaction& transaction) {
  if (const Record* const armed = armed_by(transaction)) clock_.disarm(armed->timer);
}

bool Engine::is_in_force(const Transaction& transaction) {
  const auto& steps = transaction.plan.steps;
  return std::all_of(steps.begin(), steps.end(), [this](const Step& step) {
    if (step.part != Step::Part::live || step.follows || store_.gone(step)) return true;
    const auto live = store_.read(step);
    // What somebody else set since is neither; it does not stand in the way.
    return live &&
           (same_value(step, *live, step.wanted) || !same_value(step, *live, step.original));
  });
}

RunReport Engine::confirm(Transaction transaction) {
  RunReport report{.transaction = std::move(transaction)};
  report.steps.resize(report.transaction.plan.steps.size());
  if (report.transaction.state() != State::applied) {
    report.nothing_to_do = true;
    return report;
  }
  if (!is_in_force(report.transaction)) {
    report.trouble = "its values are no longer in force";
    return report;
  }
  keep(report, {.followed = report.transaction.records.back().followed});
  const State state = report.transaction.state();
  // One that could not even be recorded waits as before, with its timer.
  if (state != State::confirmed && state != State::applied) wait_again(report);
  return report;
}

/// A confirmation that could not write its files leaves the change waiting, as it was before.
void Engine::wait_again(RunReport& report) {
  Transaction& transaction = report.transaction;
  const auto& steps = transaction.plan.steps;
  discard_leftovers(transaction);
  bool all_back = true;
  for (std::size_t index = steps.size(); index-- > 0;) {
    const Step& step = steps[index];
    if (step.part == Step::Part::live) continue;
    if (step.part == Step::Part::keep) {
      // A write that failed may have been done all the same.
      const auto live = store_.read(step);
      if (live && !same_value(step, *live, step.wanted)) continue;
    }
    const auto& before = step.part == Step::Part::keep ? step.original : step.wanted;
    all_back = restore(step, before).result != StepOutcome::Result::failed && all_back;
  }
  const Record waiting = *transaction.last(State::applied);
  const auto noted = all_back ? note(transaction, waiting) : Result<void>();
  if (all_back && noted) return;
  const std::string reason = report.trouble;
  undo(report, Conflicts::leave, Reach::everything, reason);
}

}  // namespace tuner::engine
