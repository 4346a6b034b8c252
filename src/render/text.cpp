#include "render/text.hpp"
#include "core/text/human.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "render/host_line.hpp"

namespace tuner::render {

namespace {

/// The finding's name and what it is about, on one line where it fits behind a label.
std::string title(const Finding& finding, const Style& style) {
  std::string line = finding.id;
  if (finding.subject.empty()) return line + '\n';
  if (kFindingIndent + finding.id.size() + 2 + finding.subject.size() > style.columns) {
    return line + '\n' + wrapped(finding.subject, kFindingIndent, style);
  }
  return line + "  " + finding.subject + '\n';
}

std::string evidence_line(const Evidence& evidence) {
  return fmt::format("{} {}, {}", evidence.name,
                     evidence.value.empty() ? "is empty" : evidence.value, evidence.meaning);
}

std::string reasons(const Finding& finding, const Style& style) {
  std::string text = wrapped("Why: " + std::string(why_of(finding)), kFindingIndent, style);
  text += wrapped("Source: " + std::string(source_of(finding)), kFindingIndent, style);
  if (!finding.cost.empty()) text += wrapped("Cost: " + finding.cost, kFindingIndent, style);
  return text;
}

/// Several rules may find fault with one key; where they come to the same fix, they are shown
/// together.
bool belong_together(const Finding& left, const Finding& right) {
  return left.key && left.key == right.key && left.fix.text == right.fix.text;
}

using Failures = std::vector<const Finding*>;

/// The first of `together` in full, the others in a line each.
std::string failure(const Failures& together, const Style& style) {
  const Finding& finding = *together.front();
  std::string text = title(finding, style);
  text += wrapped(finding.message, kFindingIndent, style);
  for (const Evidence& evidence : finding.evidence)
    text += wrapped(evidence_line(evidence), kFindingIndent, style);
  if (style.detail == Detail::everything) text += reasons(finding, style);
  for (std::size_t index = 1; index < together.size(); ++index) {
    const Finding& also = *together[index];
    text += wrapped(fmt::format("Also {}: {}", also.id, also.message), kFindingIndent, style);
    if (style.detail == Detail::everything) text += reasons(also, style);
  }
  if (!finding.fix.text.empty()) text += wrapped("Fix: " + finding.fix.text, kFindingIndent, style);
  // The label alone may hold control characters: what comes from a host may not.
  return severity_label(finding.severity, style.color) + clean(text, style.charset) + '\n';
}

/// The failures in the order in which they are shown, those that belong together side by side.
std::vector<Failures> grouped_failures(const std::vector<const Finding*>& findings) {
  std::vector<Failures> groups;
  for (const Finding* const finding : findings) {
    if (finding->status != Status::fail) continue;
    const auto same = std::find_if(groups.begin(), groups.end(), [finding](const Failures& group) {
      return belong_together(*group.front(), *finding);
    });
    if (same == groups.end()) {
      groups.push_back({finding});
    } else {
      same->push_back(finding);
    }
  }
  return groups;
}

std::string other(const Finding& finding, const Style& style) {
  constexpr std::string_view kLabels[] = {"pass    ", "", "unknown ", "skipped "};
  std::string text =
      std::string(kLabels[static_cast<std::size_t>(finding.status)]) + title(finding, style);
  if (finding.waiver) {
    text +=
        wrapped("Waived: " + finding.waiver->reason +
                    (finding.waiver->until.empty() ? "" : " (until " + finding.waiver->until + ")"),
                kFindingIndent, style);
  }
  return clean(text + wrapped(finding.message, kFindingIndent, style), style.charset);
}

/// Waived findings and those that could not be judged are always said; the rest on request.
bool is_shown(const Finding& finding, Detail detail) {
  if (finding.status == Status::unknown || finding.waiver) return detail != Detail::verdict_only;
  return detail == Detail::everything;
}

std::string counts(const Summary& summary) {
  std::string line = text::plural(summary.pass, "check passes", "checks pass");
  if (summary.unknown > 0) line += fmt::format(", {} could not be read", summary.unknown);
  const int inapplicable = summary.skipped - summary.waived;
  if (inapplicable > 0) {
    line += ", " + text::plural(inapplicable, "does not apply here", "do not apply here");
  }
  if (summary.waived > 0) line += ", " + text::plural(summary.waived, "is waived", "are waived");
  return line + '.';
}

}  // namespace

std::string audit_verdict(const Summary& summary) {
  if (summary.fail == 0 && summary.unknown == 0) return "Nothing is wrong: " + counts(summary);
  if (summary.fail == 0) return "Incomplete: " + counts(summary);
  std::string line;
  const auto add = [&line](const std::string& part) { line += (line.empty() ? "" : ", ") + part; };
  if (summary.errors > 0) add(text::plural(summary.errors, "error", "errors"));
  if (summary.warnings > 0) add(text::plural(summary.warnings, "warning", "warnings"));
  if (summary.infos > 0) add(text::plural(summary.infos, "remark", "remarks"));
  return line + "; " + counts(summary);
}

std::string audit_text(const Report& report, const Style& style) {
  if (!report.host) return {};
  std::string text;
  const Summary summary = report.summary();
  if (style.detail != Detail::verdict_only) {
    text += clean(host_line(*report.host, report.profile ? &*report.profile : nullptr, style),
                  style.charset);
    text += '\n';
    const auto order = worst_first(report.findings);
    for (const Failures& group : grouped_failures(order)) text += failure(group, style);
    bool others = false;
    for (const Finding* const finding : order) {
      if (finding->status == Status::fail || !is_shown(*finding, style.detail)) continue;
      text += other(*finding, style);
      others = true;
    }
    if (others) text += '\n';
  }
  const std::string_view more = summary.fail > 0 ? " Reasons: -v, or tuner explain NAME." : "";
  text += wrapped(audit_verdict(summary) + std::string(more), 0, style);
  if (style.detail != Detail::verdict_only && !report.recommendation.empty()) {
    text += clean(wrapped(report.recommendation, 0, style), style.charset);
  }
  return text;
}

}  // namespace tuner::render
