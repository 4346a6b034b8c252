#pragma once

#include <string>
#include <vector>

#include "change/store.hpp"
#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

namespace tuner {

/// A value that is not any more what a transaction made of it.
struct Drift {
  std::string subject{};
  std::string applied{};
  std::string running{};
  std::string id{};      ///< of the transaction that set it last
  bool is_file = false;  ///< edited or gone
  bool is_sysctl = false;
};

/// What is not as the changes that stand here left it. `history` is oldest first. What cannot be
/// read may have drifted: that goes to `unread`.
std::vector<Drift> drift_of(engine::Store& store, const std::vector<Transaction>& history,
                            const Place& here, std::vector<Error>& unread);

/// Whether a change counts now: what was set for one boot alone is over with that.
bool is_in_force(const Transaction& transaction, const Place& here);

}  // namespace tuner
