#pragma once

#include "tuner/fact.hpp"

namespace tuner {

/// The row of `key`, also through a `*`; null for a key that is not known.
const Fact* find_fact(std::string_view key);

/// Every row, in the order of the areas' names.
std::span<const Fact* const> all_facts();

}  // namespace tuner
