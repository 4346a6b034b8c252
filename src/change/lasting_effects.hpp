#pragma once

#include <string>
#include <vector>

#include "tuner/transaction.hpp"

namespace tuner {

/// What no rollback of a change brings back, in sentences. `has_dracut`: the program is there that
/// copies sysctl files into the initial RAM disk.
std::vector<std::string> lasting_effects(const Transaction& transaction, bool has_dracut);

}  // namespace tuner
