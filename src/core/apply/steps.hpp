#pragma once

#include <vector>

#include "core/apply/kept.hpp"

namespace tuner {

/// The steps of a plan in their order: the waiting file, values each behind those that follow them,
/// then what is kept, the sysctl.d file after all others.
std::vector<Step> steps_of(const ApplyPlan& plan, const ApplySurvey& survey,
                           const ApplyOptions& options);

}  // namespace tuner
