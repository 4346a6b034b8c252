#pragma once

#include "tuner/profile.hpp"

namespace tuner {

/// The profile for one host: numbers in the place of formulas, inside what the kernel takes. What
/// the host does not tell leaves the formula, and says so in Demand::unfitted. A fitted profile
/// stays as it is.
Profile fit_profile(Profile profile, const HostSnapshot& host);

bool holds(const Condition& condition, const HostSnapshot& host);

}  // namespace tuner
