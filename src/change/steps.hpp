#pragma once

#include <vector>

#include "change/kept.hpp"
#include "tuner/apply.hpp"

namespace tuner {

/// The steps of a plan in their order: the waiting file, values each behind those that follow them,
/// then what is kept, the sysctl.d file after all others.
std::vector<Step> steps_of(const ApplyPlan& plan, const ApplySurvey& survey,
                           const ApplyOptions& options);

/// What a plan would do, as a sysctl.d file with the commands in comments.
std::string export_text(const ApplyPlan& plan, const HostSnapshot& host);

}  // namespace tuner
