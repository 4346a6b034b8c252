#include "core/apply/origins.hpp"

#include <algorithm>

#include "core/apply/same_value.hpp"
#include "core/parse/sysctl.hpp"
#include "tuner/apply.hpp"

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

std::map<std::string, Origin> origins_of(const std::vector<Transaction>& history,
                                         const Place& place) {
  std::map<std::string, Origin> origins;
  for (const Transaction& transaction : history) {
    if (!stands(transaction) || !same_namespace(transaction.plan.place, place)) continue;
    for (const Step& step : transaction.plan.steps) {
      if (!is_set_live(step)) continue;
      const std::string key = name_of(step);
      const auto [found, first] = origins.try_emplace(key, Origin{*step.original, *step.wanted});
      if (!first) {
        Origin& origin = found->second;
        if (!same_sysctl(key, origin.applied, *step.original)) origin.original = *step.original;
        origin.applied = *step.wanted;
      }
      if (same_sysctl(key, found->second.original, found->second.applied)) origins.erase(found);
    }
  }
  return origins;
}

HostSnapshot untuned(HostSnapshot host, const std::map<std::string, Origin>& origins) {
  for (const auto& [key, origin] : origins) {
    const auto& running = host.sysctl(key);
    if (running && same_sysctl(key, running->text, origin.applied)) {
      host.set_sysctl(key, parse::sysctl_value(origin.original));
    }
  }
  return host;
}

std::vector<std::string> keys_of_history(const std::vector<Transaction>& history) {
  std::vector<std::string> keys;
  for (const Transaction& transaction : history) {
    if (!stands(transaction)) continue;
    for (const Step& step : transaction.plan.steps) {
      if (is_set_live(step)) keys.push_back(name_of(step));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace tuner
