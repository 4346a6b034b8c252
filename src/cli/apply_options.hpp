#pragma once

#include "cli/asked_values.hpp"
#include "cli/options.hpp"
#include "tuner/apply.hpp"
#include "tuner/profile.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// What the command line asks of an apply. Errors: usage, for what excludes each other, for keys
/// that the profile does not ask for, and for times that are none.
Result<ApplyOptions> apply_options_of(const Invocation& invocation, const AskedValues& asked);

}  // namespace tuner::cli
