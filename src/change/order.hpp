#pragma once

#include <string>
#include <vector>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

/// Changes lie one on the other: the way back of an older one leads to what was below it, not to
/// what a newer one set.
namespace tuner {

/// What a rollback is asked for.
struct WayBackOptions {
  std::string id{};      ///< empty: the newest that is not wholly rolled back
  bool through = false;  ///< all that came after it too
};

/// The changes that are to be rolled back, in that order; none where nothing stands. `history` is
/// the oldest first; those of another namespace than `here` are not looked at unless one is named.
/// Errors: usage (there is none of that ID); one that newer ones lie on, with the command for all.
Result<std::vector<Transaction>> way_back(const std::vector<Transaction>& history,
                                          const Place& here, const WayBackOptions& options);

/// Errors: usage, with the IDs that come near.
tl::unexpected<Error> unknown_transaction(const std::string& id,
                                          const std::vector<Transaction>& known);

}  // namespace tuner
