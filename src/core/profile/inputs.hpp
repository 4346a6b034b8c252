#pragma once

#include "core/profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads the [inputs] of a profile into `profile`, which has its name already.
Result<void> read_inputs(const Fields& fields, Profile& profile);

}  // namespace tuner
