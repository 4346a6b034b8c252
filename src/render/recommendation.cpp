#include "render/recommendation.hpp"

#include <fmt/core.h>

#include "render/host_line.hpp"
#include "render/json_parts.hpp"
#include "text/human.hpp"

namespace tuner::render {

std::string recommendation_text(const RecommendationReport& report, const Style& style) {
  const Recommendation& recommendation = report.recommendation;
  std::string text;
  if (style.detail != Detail::verdict_only) {
    text = host_line(*report.host, nullptr, style) + '\n';
    for (const Evidence& evidence : recommendation.evidence) {
      text += wrapped(fmt::format("{} {}, {}", evidence.name, evidence.value, evidence.meaning), 2,
                      style);
    }
    if (!recommendation.evidence.empty()) text += '\n';
  }
  text += wrapped(recommendation.line(), 0, style);
  if (recommendation.profile && style.detail != Detail::verdict_only) {
    text += leading_to(report.diff_command, "What it changes:", style);
  }
  return clean(text, style.charset);
}

std::string recommendation_json(const RecommendationReport& report, std::string_view version) {
  const Recommendation& recommendation = report.recommendation;
  return Document()
      .with("schema", "tuner/recommend/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", host_object(*report.host))
      .with("profile", recommendation.profile)
      .with("confidence", confidence_name(recommendation.confidence))
      .with("reason", recommendation.reason)
      .with_list("evidence", recommendation.evidence, evidence_object)
      .with_list("errors", kNoErrors, error_object)
      .text();
}

}  // namespace tuner::render
