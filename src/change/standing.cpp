#include "change/standing.hpp"

#include <algorithm>
#include <map>

#include "change/fragment.hpp"
#include "change/next_boot.hpp"

namespace tuner {

namespace {

bool sets_key(const Step& step) {
  return step.kind == Step::Kind::sysctl && step.part == Step::Part::live && !step.follows;
}

bool has_effect(const Transaction& transaction) {
  const State state = transaction.state();
  return state == State::confirmed || state == State::applied;
}

}  // namespace

Standing standing_of(const Transaction& one, const std::vector<Transaction>& history) {
  std::map<std::string, std::string> owners;  // by target
  for (const Step& step : one.plan.steps) {
    if (sets_key(step)) owners[step.target] = one.plan.id;
  }
  const auto self = std::find_if(history.begin(), history.end(), [&one](const Transaction& other) {
    return other.plan.id == one.plan.id;
  });
  for (auto later = self; later != history.end(); ++later) {
    if (!has_effect(*later) || !same_namespace(later->plan.place, one.plan.place)) continue;
    const auto dropped = later == self ? std::set<std::string>() : dropped_keys(later->plan.steps);
    for (auto& [target, owner] : owners) {
      if (dropped.contains(step_name(Step{.target = target}))) owner = later->plan.id;
    }
    for (const Step& step : later->plan.steps) {
      const auto owner = owners.find(step.target);
      if (sets_key(step) && owner != owners.end()) owner->second = later->plan.id;
    }
  }
  Standing standing{.keys = owners.size()};
  for (const auto& [target, id] : owners) {
    if (id == one.plan.id) {
      ++standing.own;
    } else if (std::find(standing.later.begin(), standing.later.end(), id) ==
               standing.later.end()) {
      standing.later.push_back(id);
    }
  }
  return standing;
}

}  // namespace tuner
