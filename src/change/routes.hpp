#pragma once

#include "tuner/apply.hpp"

namespace tuner {

/// Plans what a profile asks of the windows of default routes.
void plan_routes(const Profile& profile, const HostSnapshot& host, const ApplySurvey& survey,
                 ApplyPlan& plan);

}  // namespace tuner
