#pragma once

#include "cli/change_session.hpp"
#include "tuner/apply.hpp"

namespace tuner::cli {

/// Refuses what cannot be done because of where this runs, whatever the plan is: sysctls that are
/// mounted read-only, a timer that would not last.
void refuse_place(const ApplyOptions& options, ApplyPlan& plan);

/// Errors: busy, where a change is waiting for confirmation; failure, where one is not finished or
/// cannot be read.
Result<void> check_free(const ChangeSession& session);

}  // namespace tuner::cli
