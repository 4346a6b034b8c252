#include "change/drift.hpp"

#include <algorithm>
#include <map>

#include "boot/tuner_file.hpp"
#include "read/same_value.hpp"

namespace tuner {

namespace {

/// What runs still has to be as it was set: in the boot that it was set in, and later where a file
/// sets the key again. Routes, and what was set for this boot alone, go with it.
bool still_holds(const Transaction& transaction, const Step& step, const Place& here) {
  if (transaction.plan.place.boot == here.boot) return true;
  const auto& steps = transaction.plan.steps;
  return step.kind == Step::Kind::sysctl &&
         std::any_of(steps.begin(), steps.end(),
                     [](const Step& other) { return other.part == Step::Part::keep; });
}

/// The last step that set each target, among the transactions that stand here.
std::map<std::string, std::pair<const Step*, std::string>> last_set(
    const std::vector<Transaction>& history, const Place& here) {
  std::map<std::string, std::pair<const Step*, std::string>> last;
  for (const Transaction& transaction : history) {
    const bool waiting = transaction.waiting();
    if (!waiting && transaction.state() != State::confirmed) continue;
    const bool lives = same_namespace(transaction.plan.place, here);
    if (!waiting) {
      const auto dropped = dropped_keys(transaction.plan.steps);
      std::erase_if(last, [&dropped](const auto& entry) {
        return dropped.contains(step_name(*entry.second.first));
      });
    }
    for (const Step& step : transaction.plan.steps) {
      const bool live = step.part == Step::Part::live && lives && !step.follows &&
                        still_holds(transaction, step, here);
      const bool kept = step.part == Step::Part::keep && !waiting;
      if (live || kept) last[step.target] = {&step, transaction.plan.id};
    }
  }
  return last;
}

std::string shown(const Step& step, const std::optional<std::string>& value) {
  if (!value) return "no such file";
  if (step.kind == Step::Kind::file) return "edited";
  std::string text = *value;
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

}  // namespace

std::vector<Drift> drift_of(engine::Store& store, const std::vector<Transaction>& history,
                            const Place& here, std::vector<Error>& unread) {
  std::vector<Drift> drift;
  for (const auto& [target, set] : last_set(history, here)) {
    const auto& [step, id] = set;
    if (step->kind == Step::Kind::limit || store.gone(*step)) continue;
    const auto live = store.read(*step);
    if (!live) unread.push_back(live.error());
    if (!live || same_value(*step, *live, step->wanted)) continue;
    drift.push_back({.subject = step_name(*step),
                     .applied = step->kind == Step::Kind::file && step->wanted
                                    ? std::string("as written")
                                    : shown(*step, step->wanted),
                     .running = shown(*step, *live),
                     .id = id,
                     .is_file = step->kind == Step::Kind::file,
                     .is_sysctl = step->kind == Step::Kind::sysctl});
  }
  return drift;
}

bool is_in_force(const Transaction& transaction, const Place& here) {
  const auto& steps = transaction.plan.steps;
  return transaction.state() == State::confirmed &&
         std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
           return step.part == Step::Part::keep || still_holds(transaction, step, here);
         });
}

}  // namespace tuner
