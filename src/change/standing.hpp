#pragma once

#include "change/next_boot.hpp"

namespace tuner {

/// `history` is oldest first, and has `one` in it.
Standing standing_of(const Transaction& one, const std::vector<Transaction>& history);

}  // namespace tuner
