#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/plan.hpp"

namespace tuner::render {

/// What differs: kernel default, boot, running and wanted side by side, with the memory that the
/// buffers allow. Reasons where the style asks for everything.
std::string plan_text(const PlanReport& report, const Style& style);

/// Why, source, cost and where a change comes from, a paragraph each.
std::string reasons_text(const Change& change, const Style& style);

}  // namespace tuner::render
