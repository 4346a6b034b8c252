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

std::string step_name(const Step& step) {
  if (step.kind != Step::Kind::sysctl) return step.target;
  const auto key = SysctlKey::from_path(step.target);
  return key ? key->text() : step.target;
}

namespace {

bool have_cookies(const Place& left, const Place& right) {
  return left.network_cookie != 0 && right.network_cookie != 0;
}

}  // namespace

bool same_namespace(const Place& left, const Place& right) {
  if (!same_machine(left, right)) return false;
  if (left.boot != right.boot) return left.first_namespace && right.first_namespace;
  if (have_cookies(left, right)) return left.network_cookie == right.network_cookie;
  const bool other_start = !left.first_process.empty() && !right.first_process.empty() &&
                           left.first_process != right.first_process;
  return left.network_namespace == right.network_namespace && !other_start;
}

bool same_machine(const Place& then, const Place& now) {
  if (then.machine == now.machine) return true;
  if (then.boot != now.boot || then.boot.empty()) return false;
  if (have_cookies(then, now)) return then.network_cookie == now.network_cookie;
  return then.network_namespace == now.network_namespace && !then.first_process.empty() &&
         then.first_process == now.first_process;
}

bool outlived(const Place& then, const Place& now) {
  return then.boot != now.boot ||
         (then.network_namespace == now.network_namespace && have_cookies(then, now) &&
          then.network_cookie != now.network_cookie);
}

std::string_view state_name(State state) { return kStateNames.at(static_cast<std::size_t>(state)); }

std::string_view outcome_name(StepOutcome::Result result) {
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
