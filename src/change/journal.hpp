#pragma once

#include <string>
#include <vector>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

namespace tuner::engine {

/// Transactions, recorded so that they outlive the process and the power.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Both are durable before they return. A failed append may still have been written.
  virtual Result<void> create(const TransactionPlan& plan) = 0;
  virtual Result<void> append(const std::string& id, const Record& record) = 0;
};

}  // namespace tuner::engine
