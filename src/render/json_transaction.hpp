#pragma once

#include "render/json_document.hpp"
#include "tuner/transaction.hpp"

namespace tuner::render {

/// A transaction in a list: who, when, what, why, and its state. `confirm_by` is the wall clock's
/// time, null unless it waits.
Json transaction_object(const Transaction& transaction);

}  // namespace tuner::render
