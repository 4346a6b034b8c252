#include "change/origins.hpp"

#include <algorithm>

#include "change/fragment.hpp"
#include "read/same_value.hpp"
#include "read/sysctl.hpp"
#include "tuner/apply.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

bool stands(const Transaction& transaction) {
  const State state = transaction.state();
  return state == State::confirmed || state == State::applied || state == State::conflict;
}

bool is_set_live(const Step& step) {
  return step.kind == Step::Kind::sysctl && !step.follows && step.original && step.wanted;
}

}  // namespace

bool Origin::is_ours(std::string_view key, std::string_view value) const {
  return std::any_of(applied.begin(), applied.end(),
                     [key, value](const std::string& one) { return same_sysctl(key, one, value); });
}

namespace {

/// What a file of tuner's gives a key at the next boot counts as set by tuner.
void add_kept(const Step& step, std::map<std::string, Origin>& origins) {
  if (step.kind != Step::Kind::file || !step.wanted) return;
  for (const FragmentLine& line : fragment_lines(*step.wanted)) {
    const auto found = origins.find(line.key);
    if (found != origins.end()) found->second.applied.push_back(line.value);
  }
}

void add_live(const Step& step, std::size_t time, std::map<std::string, Origin>& origins) {
  const std::string key = step_name(step);
  Origin& origin = origins.try_emplace(key, Origin{.original = *step.original}).first->second;
  const bool first = origin.applied.empty();
  if (!first && !origin.is_ours(key, *step.original) &&
      !same_sysctl(key, origin.original, *step.original)) {
    origin = Origin{.original = *step.original};
  }
  origin.applied.push_back(*step.wanted);
  origin.last = time;
}

}  // namespace

std::map<std::string, Origin> origins_of(const std::vector<Transaction>& history,
                                         const Place& place) {
  std::map<std::string, Origin> origins;
  std::size_t time = 0;
  for (const Transaction& transaction : history) {
    if (!stands(transaction) || !same_namespace(transaction.plan.place, place)) continue;
    for (const Step& step : transaction.plan.steps) {
      if (is_set_live(step)) add_live(step, ++time, origins);
    }
    for (const Step& step : transaction.plan.steps) add_kept(step, origins);
  }
  return origins;
}

std::map<std::string, std::string> single_keys(const std::vector<Transaction>& history,
                                               const Place& place) {
  std::map<std::string, std::string> keys;
  for (const Transaction& transaction : history) {
    if (!stands(transaction) || !same_namespace(transaction.plan.place, place)) continue;
    for (const Step& step : transaction.plan.steps) {
      if (!is_set_live(step)) continue;
      const std::string key = step_name(step);
      if (transaction.plan.profile.empty()) {
        keys[key] = *step.wanted;
      } else if (const auto single = keys.find(key);
                 single != keys.end() && !same_sysctl(key, single->second, *step.wanted)) {
        keys.erase(single);  // a profile that sets it to the same again leaves it alone
      }
    }
  }
  return keys;
}

HostSnapshot untuned(HostSnapshot host, const std::map<std::string, Origin>& origins) {
  for (const auto& [key, origin] : origins) {
    const auto& running = host.sysctl(key);
    if (running && origin.is_ours(key, running->text)) {
      host.set_sysctl(key, parse::sysctl_value(origin.original));
    }
  }
  return host;
}

bool is_edited(const std::vector<Transaction>& history, std::string_view path,
               std::string_view text) {
  for (auto at = history.rbegin(); at != history.rend(); ++at) {
    if (!stands(*at)) continue;
    for (const Step& step : at->plan.steps) {
      if (step.kind != Step::Kind::file || step.target != path) continue;
      // A way back that met a conflict has left the file as it was before or after.
      const bool before = at->state() == State::conflict && step.original == text;
      return step.wanted != text && !before;
    }
  }
  return false;
}

std::vector<std::string> keys_of_history(const std::vector<Transaction>& history) {
  std::vector<std::string> keys;
  for (const Transaction& transaction : history) {
    if (!stands(transaction)) continue;
    for (const Step& step : transaction.plan.steps) {
      if (is_set_live(step)) keys.push_back(step_name(step));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace tuner
