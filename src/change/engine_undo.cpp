#include <algorithm>

#include "change/engine.hpp"
#include "read/same_value.hpp"

namespace tuner::engine {

using Result_ = StepOutcome::Result;

/// What is to become of a step's target.
struct Engine::Verdict {
  StepOutcome outcome{};
  std::optional<std::string> value{};  ///< what it is to have in the end
  bool settle = false;                 ///< whether to give it that value
  std::string failure{};               ///< why it does not have that value; empty: it has
};

namespace {

std::string words_of(const std::optional<std::string>& value) {
  return value ? '"' + *value + '"' : "gone";
}

std::string conflict_text(const Step& step, const std::optional<std::string>& live) {
  if (step.kind == Step::Kind::file) {
    return live ? "it was edited by someone else" : "it was removed by someone else";
  }
  const std::string written =
      step.wanted ? ", which is neither what was written, " + words_of(step.wanted) +
                        ", nor what was there before, " + words_of(step.original)
                  : ", not its previous value";
  return "it was changed by someone else: it is " + words_of(live) + written;
}

std::vector<std::string> sentences(const RunReport& report) {
  std::vector<std::string> found;
  const auto& steps = report.transaction.plan.steps;
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const auto& [result, detail] = report.steps[index];
    if (result == Result_::conflict || result == Result_::failed) {
      found.push_back(step_name(steps[index]) + ": " + detail);
    }
  }
  return found;
}

}  // namespace

/// No step number is needed: what is live says whether a write happened.
Engine::Verdict Engine::verdict_on(const Transaction& transaction, const Step& step,
                                   Conflicts conflicts, Reach reach, bool resumed) {
  if (reach == Reach::files && step.kind != Step::Kind::file) {
    return {.outcome = {.result = Result_::skipped,
                        .detail = "its value ended with the boot or namespace it was set in"}};
  }
  if (const auto gone = store_.gone(step)) {
    return {.outcome = {.result = Result_::skipped, .detail = *gone}};
  }
  const auto live = store_.read(step);
  if (!live) return {.outcome = {.result = Result_::failed, .detail = live.error().message()}};
  Verdict verdict{.value = step.original, .settle = true};
  if (same_value(step, *live, step.original)) {
    verdict.outcome.result = Result_::unchanged;
    return verdict;
  }
  verdict.outcome.result = Result_::restored;
  if (conflicts == Conflicts::overwrite) return verdict;
  // While values were being written, a half-written vector is ours, and so is what the kernel made
  // of the keys that follow others.
  const bool confirmed =
      transaction.last(State::applied) != nullptr || transaction.last(State::confirming) != nullptr;
  const bool unsettled = !confirmed || resumed;
  if (step.follows) {
    const auto known = transaction.last(State::confirming) != nullptr
                           ? transaction.last(State::confirming)->followed
                       : transaction.last(State::applied) != nullptr
                           ? transaction.last(State::applied)->followed
                           : std::map<std::string, std::string>();
    const auto found = known.find(step.target);
    if (unsettled || (found != known.end() && same_value(step, *live, found->second))) {
      return verdict;
    }
  } else if (same_value(step, *live, step.wanted) || (unsettled && is_mix(step, *live))) {
    return verdict;
  }
  verdict.outcome = {.result = Result_::conflict, .detail = conflict_text(step, *live)};
  verdict.value = *live;
  return verdict;
}

StepOutcome Engine::restore(const Step& step, const std::optional<std::string>& value) {
  const auto live = store_.read(step);
  const bool file = step.kind == Step::Kind::file;
  if (!live && file) return {.result = Result_::failed, .detail = live.error().message()};
  if (live && same_value(step, *live, value)) return {.result = Result_::unchanged};
  const auto written = store_.write(step, value, live.value_or(std::optional<std::string>()));
  const auto after = store_.read(step);
  if (after && same_value(step, *after, value)) return {.result = Result_::restored};
  // Somebody edited it between the two.
  const bool theirs = file && after && *after != *live;
  if (!written && theirs)
    return {.result = Result_::conflict, .detail = conflict_text(step, *after)};
  if (!written) return {.result = Result_::failed, .detail = written.error().message()};
  if (!after) return {.result = Result_::failed, .detail = after.error().message()};
  return {.result = Result_::failed,
          .detail = "it reads back as " + words_of(*after) + ", not " + words_of(value)};
}

/// A value that goes back may move one that went back before (conf/all moves every interface), or
/// be refused until another one is back (a port range below the unprivileged start). No single
/// order is right for both, so all are put back again until none moves any more. A step that only
/// failed in an early round is not a failure: the last round's outcome counts, and five rounds are
/// more than any pair of keys has needed.
void Engine::settle(const std::vector<Step>& steps, std::vector<Verdict>& verdicts) {
  constexpr int kRounds = 5;
  for (int round = 1; round <= kRounds; ++round) {
    bool moved = false;
    for (std::size_t index = steps.size(); index-- > 0;) {
      Verdict& verdict = verdicts[index];
      if (!verdict.settle) continue;
      StepOutcome outcome = restore(steps[index], verdict.value);
      if (outcome.result == Result_::conflict) {
        verdict = {.outcome = std::move(outcome)};
        continue;
      }
      const bool back = outcome.result == Result_::restored;
      moved = moved || back;
      verdict.failure = outcome.detail;
      if (back && round == kRounds) {
        verdict.failure = "rolling back another value changes it again";
      }
    }
    if (!moved) break;
  }
  for (Verdict& verdict : verdicts) {
    if (verdict.failure.empty()) continue;
    verdict.outcome = {.result = Result_::failed, .detail = std::move(verdict.failure)};
  }
}

/// What did go back in an earlier attempt is left, and so is what a newer change holds.
std::vector<Engine::Verdict> Engine::verdicts_on(const Transaction& transaction,
                                                 Conflicts conflicts, Reach reach, bool resumed,
                                                 const std::set<std::string>& held) {
  const Record* const parted = transaction.last(State::conflict);
  const auto went_back = [parted](const Step& step) {
    return parted != nullptr && !parted->left.empty() &&
           std::find(parted->left.begin(), parted->left.end(), step.target) == parted->left.end();
  };
  std::vector<Verdict> verdicts;
  verdicts.reserve(transaction.plan.steps.size());
  for (const Step& step : transaction.plan.steps) {
    if (went_back(step)) {
      verdicts.emplace_back();
    } else if (held.contains(step.target)) {
      verdicts.push_back({.outcome = {.result = Result_::conflict,
                                      .detail = "a newer change has not been rolled back there"}});
    } else {
      verdicts.push_back(verdict_on(transaction, step, conflicts, reach, resumed));
    }
  }
  return verdicts;
}

/// What is to be recorded of a way back.
Record Engine::ending(const RunReport& report, const std::string& reason, bool resumed) {
  const auto& steps = report.transaction.plan.steps;
  bool failure = false;
  Record last{.reason = reason, .conflicts = sentences(report)};
  for (std::size_t index = 0; index < steps.size(); ++index) {
    const Result_ result = report.steps[index].result;
    failure = failure || result == Result_::failed;
    if (result == Result_::conflict || result == Result_::failed) {
      last.left.push_back(steps[index].target);
    }
    if (result != Result_::restored) continue;
    for (const std::string& key :
         store_.inheritors(steps[index], report.transaction.plan.newest_interface)) {
      last.notes.push_back(key + ": its interface was created meanwhile, and keeps " +
                           words_of(steps[index].wanted));
    }
  }
  // What the system refused, the next run tries once more.
  const bool try_again = failure && (!resumed || patient_);
  last.state = try_again ? State::reverting : last.left.empty() ? State::reverted : State::conflict;
  return last;
}

/// First all is looked at: putting one key back moves others, and what was moved would look like
/// somebody else's edit. Then all is put back, the last thing first, so that the kernel takes each
/// value as it took it on the way there. The file below /etc/sysctl.d goes first for another
/// reason: it was written last, and a power cut in between must not boot values that are half
/// rolled back.
void Engine::undo(RunReport& report, Conflicts conflicts, Reach reach, const std::string& reason,
                  const std::set<std::string>& held) {
  Transaction& transaction = report.transaction;
  const bool resumed = transaction.state() == State::reverting;
  const auto& steps = transaction.plan.steps;
  // The values matter more than the journal, which may be on a full disk.
  const auto noted = note(transaction, {.state = State::reverting, .reason = reason});
  discard_leftovers(transaction);
  std::vector<Verdict> verdicts = verdicts_on(transaction, conflicts, reach, resumed, held);
  report.steps.resize(steps.size());
  settle(steps, verdicts);
  for (std::size_t index = 0; index < steps.size(); ++index) {
    report.steps[index] = std::move(verdicts[index].outcome);
  }
  Record last = ending(report, reason, resumed);
  const bool over = last.state != State::reverting;
  if (!last.conflicts.empty() && report.trouble.empty()) report.trouble = last.conflicts.front();
  const auto ended = note(transaction, std::move(last));
  if (!ended && report.trouble.empty()) report.trouble = ended.error().message();
  if (!noted && report.trouble.empty()) report.trouble = noted.error().message();
  if (over) stop_timer(transaction);
}

void Engine::discard_leftovers(const Transaction& transaction) {
  for (const Step& step : transaction.plan.steps) {
    // A leftover that stays does no harm: no reader takes its name.
    if (step.kind == Step::Kind::file) (void)store_.discard_leftovers(step);
  }
}

RunReport Engine::revert(Transaction transaction, Conflicts conflicts, const std::string& reason,
                         const std::set<std::string>& held) {
  RunReport report{.transaction = std::move(transaction)};
  report.steps.resize(report.transaction.plan.steps.size());
  if (report.transaction.state() == State::reverted) {
    report.nothing_to_do = true;
    return report;
  }
  const bool here = same_namespace(report.transaction.plan.place, here_);
  undo(report, conflicts, here ? Reach::everything : Reach::files, reason, held);
  return report;
}

}  // namespace tuner::engine
