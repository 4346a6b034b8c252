#include "tuner/transaction.hpp"

#include <algorithm>
#include <array>

#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

constexpr std::array<std::string_view, 9> kStateNames = {
    "planned",   "armed",     "applying", "applied",  "confirming",
    "confirmed", "reverting", "reverted", "conflict",
};

constexpr std::array<std::string_view, 7> kResults = {
    "untouched", "changed", "unchanged", "restored", "skipped", "failed", "conflict",
};

}  // namespace

std::string name_of(const Step& step) {
  if (step.kind != Step::Kind::sysctl) return step.target;
  const auto key = SysctlKey::from_path(step.target);
  return key ? key->text() : step.target;
}

bool same_namespace(const Place& left, const Place& right) {
  if (left.machine != right.machine) return false;
  if (left.boot == right.boot) {
    const bool told = left.network_cookie != 0 && right.network_cookie != 0;
    return told ? left.network_cookie == right.network_cookie
                : left.network_namespace == right.network_namespace;
  }
  return left.first_namespace && right.first_namespace;
}

bool outlived(const Place& then, const Place& now) {
  if (then.boot != now.boot) return true;
  return then.first_namespace && now.first_namespace && !same_namespace(then, now);
}

std::string_view name_of(State state) { return kStateNames.at(static_cast<std::size_t>(state)); }

std::string_view name_of(StepOutcome::Result result) {
  return kResults.at(static_cast<std::size_t>(result));
}

std::optional<State> state_named(std::string_view name) {
  const auto* const found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<State>(found - kStateNames.begin());
}

const Record* Transaction::last(State state) const {
  const auto found = std::find_if(records.rbegin(), records.rend(),
                                  [state](const Record& record) { return record.state == state; });
  return found == records.rend() ? nullptr : &*found;
}

bool Transaction::open() const {
  const State now = state();
  return now != State::confirmed && now != State::reverted && now != State::conflict;
}

}  // namespace tuner
