#pragma once

#include "tuner/apply.hpp"

namespace tuner {

/// What a profile comes to on a host that is to be changed. Pure. `profile` is fitted.
ApplyPlan plan_apply(const Profile& profile, const HostSnapshot& host, const ApplySurvey& survey,
                     const ApplyOptions& options);

}  // namespace tuner
