#pragma once

#include "profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads one demand. `demand` comes with its area, key and fact.
Result<Demand> parse_demand(const Fields& fields, Demand demand);

/// A condition as the profile writes it: "kernel >= 4.18".
std::string condition_text(const Condition& condition);

}  // namespace tuner
