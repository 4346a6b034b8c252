#include "tuner/order.hpp"

#include "core/suggest.hpp"

namespace tuner {

tl::unexpected<Error> unknown_transaction(const std::string& id,
                                          const std::vector<Transaction>& known) {
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const Transaction& one : known) names.emplace_back(one.plan.id);
  std::string way_out = did_you_mean(id, names);
  if (way_out.empty()) way_out = "tuner history lists them.";
  return fail({.kind = ErrorKind::usage,
               .subject = id,
               .detail = "there is no such transaction",
               .way_out = std::move(way_out)});
}

Result<std::vector<Transaction>> way_back(const std::vector<Transaction>& history,
                                          const Place& here, const WayBackOptions& options) {
  const auto named = [&options](const Transaction& one) { return one.plan.id == options.id; };
  const auto stands = [&here](const Transaction& one) {
    return one.state() != State::reverted && same_namespace(one.plan.place, here);
  };
  std::vector<Transaction> newer;
  for (auto at = history.rbegin(); at != history.rend(); ++at) {
    if (options.id.empty() && stands(*at)) return std::vector{*at};
    if (!options.id.empty() && named(*at)) {
      const bool below = !newer.empty() && at->state() != State::reverted;
      if (below && !options.through) {
        return fail(
            {.subject = options.id,
             .detail = newer.front().plan.id + " was applied after it, and is not taken back",
             .way_out =
                 "To take back both, and all between: tuner rollback --through " + options.id});
      }
      if (!options.through) newer.clear();
      newer.push_back(*at);
      return newer;
    }
    if (!options.id.empty() && stands(*at)) newer.push_back(*at);
  }
  if (!options.id.empty()) return unknown_transaction(options.id, history);
  return std::vector<Transaction>();
}

}  // namespace tuner
