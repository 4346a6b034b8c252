#pragma once

#include "core/profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads one demand. `demand` comes with its area, key and fact.
Result<Demand> parse_demand(const Fields& fields, Demand demand);

}  // namespace tuner
