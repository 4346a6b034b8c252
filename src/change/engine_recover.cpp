#include <algorithm>

#include "change/engine.hpp"
#include "read/same_value.hpp"

namespace tuner::engine {

namespace {

constexpr const char* kCutOff = "the run that made it was interrupted";
constexpr const char* kRestarted = "the host restarted before it was confirmed";
constexpr const char* kNoNamespace = "its network namespace was gone before it was confirmed";
constexpr const char* kBack = "its values had already been rolled back";
constexpr const char* kTooLate = "it was not confirmed in time";

}  // namespace

bool is_back(Store& store, const Transaction& transaction) {
  const auto& steps = transaction.plan.steps;
  const auto counts = [](const Step& step) {
    return step.part == Step::Part::live && step.kind == Step::Kind::sysctl && !step.follows;
  };
  return std::any_of(steps.begin(), steps.end(), counts) &&
         std::all_of(steps.begin(), steps.end(), [&](const Step& step) {
           const auto live = counts(step) ? store.read(step) : step.original;
           return live && same_value(step, *live, step.original);
         });
}

std::string Engine::why_lost(const Place& place) const {
  return place.boot != here_.boot ? kRestarted : kNoNamespace;
}

bool Engine::elsewhere(const Place& place) const {
  return !same_machine(place, here_) || (!outlived(place, here_) && !same_namespace(place, here_));
}

/// Whether the file that a boot reads is in its place: the last of those that are written, behind
/// which only files of other names are taken away.
bool Engine::is_kept(const Transaction& transaction) {
  const auto& steps = transaction.plan.steps;
  const auto kept = [](const Step& step) { return step.part == Step::Part::keep; };
  auto last = std::find_if(steps.rbegin(), steps.rend(), [&kept](const Step& step) {
    return kept(step) && step.wanted.has_value();
  });
  if (last == steps.rend()) last = std::find_if(steps.rbegin(), steps.rend(), kept);
  if (last == steps.rend()) return true;
  const auto live = store_.read(*last);
  return live && same_value(*last, *live, last->wanted);
}

bool Engine::holds_files(const Transaction& transaction) {
  const auto& steps = transaction.plan.steps;
  const bool kept = std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.part == Step::Part::keep && step.wanted;
  });
  return kept && transaction.plan.place.first_namespace && here_.first_namespace &&
         is_kept(transaction);
}

Engine::Reach Engine::reach_of(const Transaction& transaction) const {
  return outlived(transaction.plan.place, here_) ? Reach::files : Reach::everything;
}

/// Puts all files in their places once more; where that fails, all goes back.
void Engine::go_forward(RunReport& report, const std::string& reason) {
  Transaction& transaction = report.transaction;
  const Record* const confirming = transaction.last(State::confirming);
  keep(report, {.reason = reason,
                .followed = confirming == nullptr ? std::map<std::string, std::string>()
                                                  : confirming->followed});
  if (report.trouble.empty() || transaction.state() == State::confirmed) return;
  const std::string trouble = report.trouble;
  undo(report, Conflicts::leave, reach_of(transaction), trouble);
}

/// Forward where the live values are in force, or where another boot has read the files.
void Engine::recover_confirming(RunReport& report) {
  const Transaction& transaction = report.transaction;
  const bool restarted = outlived(transaction.plan.place, here_);
  if (restarted ? is_kept(transaction) : is_in_force(transaction)) {
    return go_forward(report, kCutOff);
  }
  undo(report, Conflicts::leave, reach_of(transaction),
       restarted ? why_lost(transaction.plan.place) : kCutOff);
}

/// The way back begins with the file that the next boot reads. Where the power went before that,
/// the boot has set the values again, and the transaction stands as if nobody had begun.
void Engine::recover_reverting(RunReport& report) {
  const Transaction& transaction = report.transaction;
  const bool restarted = outlived(transaction.plan.place, here_);
  if (restarted && transaction.last(State::confirmed) != nullptr && is_kept(transaction)) {
    return go_forward(report, "the host restarted before its rollback had changed anything");
  }
  const std::string reason = transaction.last(State::reverting)->reason;
  undo(report, Conflicts::leave, reach_of(transaction), reason);
}

/// A change that waits has a timer, whatever became of the first: killed, gone with its namespace,
/// or with the unit that it was started in.
void Engine::keep_timer(RunReport& report) {
  Transaction& transaction = report.transaction;
  report.nothing_to_do = true;
  const Record* const armed = armed_by(transaction);
  if (!armed->confirm_by || clock_.is_armed(armed->timer)) return;
  Record again{.state = State::applied,
               .reason = "its timer had ended and was armed again",
               .confirm_by = armed->confirm_by,
               .followed = armed->followed};
  auto timer = clock_.arm(transaction.plan.id, *armed->confirm_by);
  if (timer) again.timer = std::move(*timer);
  const std::string name = again.timer;
  const auto noted = timer ? note(transaction, std::move(again)) : tl::unexpected(timer.error());
  report.nothing_to_do = false;
  if (noted) return;
  report.trouble = "its timer has ended and " + noted.error().message();
  // Nobody would find it.
  if (timer) clock_.disarm(name);
}

RunReport Engine::recover(Transaction transaction) {
  RunReport report{.transaction = std::move(transaction)};
  report.steps.resize(report.transaction.plan.steps.size());
  Transaction& left = report.transaction;
  const Place& place = left.plan.place;
  const bool restarted = outlived(place, here_);
  const Reach reach = reach_of(left);
  const Record* const applied = left.last(State::applied);
  if (!left.open() || elsewhere(place)) {
    report.nothing_to_do = true;
    return report;
  }
  discard_leftovers(left);
  switch (left.state()) {
    case State::planned:
    case State::armed:
      stop_timer(left);
      if (const auto noted = note(left, {.state = State::reverted, .reason = kCutOff}); !noted) {
        report.trouble = noted.error().message();
      }
      break;
    case State::applying:
      undo(report, Conflicts::leave, reach, restarted ? why_lost(place) : kCutOff);
      break;
    case State::applied:
      if (restarted) {
        undo(report, Conflicts::leave, reach, why_lost(place));
      } else if (applied->confirm_by && clock_.since_boot() >= *applied->confirm_by) {
        undo(report, Conflicts::leave, reach, kTooLate);
      } else if (is_back(store_, left)) {
        undo(report, Conflicts::leave, reach, kBack);
      } else {
        keep_timer(report);
      }
      break;
    case State::confirming:
      recover_confirming(report);
      break;
    case State::reverting:
      recover_reverting(report);
      break;
    case State::confirmed:
    case State::reverted:
    case State::conflict:
      break;
  }
  return report;
}

RunReport Engine::expire(Transaction transaction) {
  if (elsewhere(transaction.plan.place)) {
    RunReport theirs{.transaction = std::move(transaction)};
    theirs.nothing_to_do = true;
    return theirs;
  }
  patient_ = true;
  const Record* const armed = transaction.last(State::armed);
  if (transaction.state() == State::applied && !outlived(transaction.plan.place, here_) &&
      armed != nullptr && armed->confirm_by && clock_.since_boot() < *armed->confirm_by) {
    RunReport early{.transaction = std::move(transaction)};
    early.nothing_to_do = true;
    return early;
  }
  if (transaction.state() != State::applied || outlived(transaction.plan.place, here_))
    return recover(std::move(transaction));
  return revert(std::move(transaction), Conflicts::leave, kTooLate);
}

}  // namespace tuner::engine
