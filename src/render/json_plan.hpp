#pragma once

#include <string>
#include <string_view>

#include "tuner/plan.hpp"

namespace tuner::render {

/// The document of `tuner diff`.
std::string plan_json(const PlanReport& report, std::string_view version);

}  // namespace tuner::render
