#pragma once

#include "tuner/apply.hpp"

/// What a profile asks for beside sysctls.
namespace tuner {

/// Plans what a profile asks of open files: sessions, services, and processes that run. Nothing is
/// ever lowered, and nothing goes above fs.nr_open, where logins would fail.
void plan_limits(const Profile& profile, const HostSnapshot& future, const ApplySurvey& survey,
                 const ApplyOptions& options, ApplyPlan& plan);

/// The same for the windows of default routes.
void plan_routes(const Profile& profile, const HostSnapshot& host, const ApplySurvey& survey,
                 ApplyPlan& plan);

}  // namespace tuner
