#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/recommendation.hpp"

namespace tuner::render {

/// Which profile fits, with the evidence and what to do next.
std::string recommendation_text(const RecommendationReport& report, const Style& style);
std::string recommendation_json(const RecommendationReport& report, std::string_view version);

}  // namespace tuner::render
