#include "change/order.hpp"

#include <algorithm>
#include <iterator>

#include "text/suggest.hpp"

namespace tuner {

tl::unexpected<Error> unknown_transaction(const std::string& id,
                                          const std::vector<Transaction>& known) {
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const Transaction& one : known) names.emplace_back(one.plan.id);
  std::string hint = did_you_mean(id, names);
  if (hint.empty()) hint = "To list them: tuner history";
  return fail({.kind = ErrorKind::usage,
               .subject = id,
               .detail = "no such change",
               .hint = std::move(hint)});
}

Result<std::vector<Transaction>> way_back(const std::vector<Transaction>& history,
                                          const Place& here, const WayBackOptions& options) {
  const auto lies_in = [](const Transaction& one, const Place& place) {
    return one.state() != State::reverted && same_namespace(one.plan.place, place);
  };
  const auto found = std::find_if(history.rbegin(), history.rend(), [&](const Transaction& one) {
    return options.id.empty() ? lies_in(one, here) : one.plan.id == options.id;
  });
  if (found == history.rend()) {
    if (options.id.empty()) return std::vector<Transaction>();
    return unknown_transaction(options.id, history);
  }
  std::vector<Transaction> newer;
  std::copy_if(history.rbegin(), found, std::back_inserter(newer),
               [&](const Transaction& one) { return lies_in(one, found->plan.place); });
  const bool over = found->state() == State::reverted;
  if (options.id.empty() || (over && !options.through)) newer.clear();
  if (!newer.empty() && !options.through) {
    return fail(
        {.subject = options.id,
         .detail = newer.front().plan.id + " was applied after it and is still in force",
         .hint = "To roll back both, and all between: tuner rollback --through " + options.id});
  }
  if (!over || newer.empty()) newer.push_back(*found);
  return newer;
}

}  // namespace tuner
