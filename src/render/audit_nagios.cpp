#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "render/audit.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

constexpr std::string_view kStates[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
/// Monitoring keeps a screenful; the rest is a matter of tuner audit itself.
constexpr std::size_t kMostLines = 10;

/// One line that holds no separator of the protocol: what stands behind "|" is performance data.
std::string line_of(std::string text, Charset charset) {
  std::replace(text.begin(), text.end(), '|', '/');
  std::replace(text.begin(), text.end(), '\n', ' ');
  return clean(text, charset);
}

PluginState state_of(const std::vector<const Finding*>& failures, const Summary& summary) {
  if (!failures.empty()) {
    return failures.front()->severity == Severity::error ? PluginState::critical
                                                         : PluginState::warning;
  }
  return summary.unknown > 0 ? PluginState::unknown : PluginState::ok;
}

std::string reason(const std::vector<const Finding*>& failures, const Summary& summary) {
  if (failures.empty()) {
    std::string text = text::plural(summary.pass, "check passes", "checks pass");
    if (summary.fail > 0) text += fmt::format(", {} below --fail-on", summary.fail);
    if (summary.unknown > 0) text += fmt::format(", {} could not be read", summary.unknown);
    if (summary.waived > 0) text += fmt::format(", {} waived", summary.waived);
    return text;
  }
  const Finding& worst = *failures.front();
  std::string text = worst.id;
  if (!worst.subject.empty()) text += " " + worst.subject;
  text += ": " + worst.message;
  if (failures.size() > 1) text += fmt::format(" (and {} more)", failures.size() - 1);
  return text;
}

/// 'label'=value;warn;crit;min;max: 0 as a limit means that anything above it is one. What does not
/// count has no limit.
std::string performance(const Summary& summary, Threshold threshold) {
  const auto limit = [threshold](Severity severity) {
    return threshold && severity >= *threshold ? "0" : "";
  };
  return fmt::format("errors={};;{};0 warnings={};{};;0 infos={};{};;0 unknown={};;;0",
                     summary.errors, limit(Severity::error), summary.warnings,
                     limit(Severity::warning), summary.infos, limit(Severity::info),
                     summary.unknown);
}

}  // namespace

PluginOutput audit_nagios(const Report& report, Threshold threshold, Charset charset) {
  std::vector<const Finding*> failures;
  for (const Finding* const finding : worst_first(report.findings)) {
    if (reaches_threshold(*finding, threshold)) failures.push_back(finding);
  }
  const Summary summary = report.summary();
  PluginOutput output{.state = state_of(failures, summary)};
  output.text =
      fmt::format("TUNER {} - {} | {}\n", kStates[static_cast<std::size_t>(output.state)],
                  line_of(reason(failures, summary), charset), performance(summary, threshold));
  const std::size_t shown = std::min(failures.size(), kMostLines);
  for (std::size_t index = 0; index < shown; ++index) {
    const Finding& finding = *failures[index];
    output.text += line_of(fmt::format("{} {} {}: {}", severity_word(finding.severity), finding.id,
                                       finding.subject, finding.message),
                           charset);
    output.text += '\n';
  }
  return output;
}

PluginOutput failure_nagios(const Error& error) {
  return {.state = PluginState::unknown,
          .text = "TUNER UNKNOWN - " + line_of(error.message(), Charset::utf8) + "\n"};
}

}  // namespace tuner::render
