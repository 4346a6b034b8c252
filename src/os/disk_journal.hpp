#pragma once

#include <map>
#include <string>
#include <vector>

#include "change/journal.hpp"
#include "os/descriptor.hpp"

namespace tuner::os {

/// What is recorded of earlier runs.
struct History {
  std::vector<Transaction> transactions{};  ///< oldest first; those of this machine
  std::vector<Error> damaged{};             ///< journals that cannot be trusted
  std::vector<Transaction> foreign{};       ///< of other machines, oldest first
};

/// Reads the history. Nothing at all is no error. Errors: permission; a directory that is not
/// tuner's.
Result<History> read_history(const Place& here);

/// One file for each transaction: /var/lib/tuner/transactions/ID/journal.
class DiskJournal : public engine::Journal {
 public:
  Result<void> create(const TransactionPlan& plan) override;
  Result<void> append(const std::string& id, const Record& record) override;

  /// Takes away what a cut-off create() left behind.
  Result<void> discard_leftovers();

  /// Keeps the newest 50, and all that may still have to be finished or that know what a key was
  /// before tuner touched it.
  void prune(History& history);

 private:
  Result<int> directory();
  Descriptor directory_;
};

/// A new name, with the time in it.
std::string new_transaction_id(std::chrono::sys_seconds now);

}  // namespace tuner::os
