#include "render/text.hpp"
#include "judge/check.hpp"
#include "judge/group.hpp"
#include "judge/remedy.hpp"
#include "text/human.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "render/host_line.hpp"
#include "render/since.hpp"
#include "tuner/snapshot.hpp"

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

std::string place_of(const Location& location) {
  return fmt::format("{}:{}", location.file, location.line);
}

/// The line that gave the key the value that is complained about, unless the sentence names it.
std::string where_set(const Finding& finding) {
  if (!finding.location || !finding.key) return {};
  const std::string place = place_of(*finding.location);
  if (finding.message.find(place) != std::string::npos) return {};
  if (!finding.boot || finding.boot == finding.running) return "Set in " + place + ".";
  return fmt::format("The next boot sets it to {}, by {}.",
                     finding.boot->empty() ? "nothing" : *finding.boot, place);
}

/// The cause in full, what follows from it in a line each.
std::string block(const FindingGroup& group, const Style& style) {
  const Finding& finding = *group.findings.front();
  std::string text = title(finding, style);
  text += wrapped(finding.message, kFindingIndent, style);
  for (const Evidence& evidence : finding.evidence)
    text += wrapped(evidence_line(evidence), kFindingIndent, style);
  if (style.detail == Detail::everything) text += reasons(finding, style);
  for (std::size_t index = 1; index < group.findings.size(); ++index) {
    const Finding& also = *group.findings[index];
    const bool same = also.subject.empty() || also.subject == finding.subject;
    const std::string about = same ? "" : " (" + also.subject + ")";
    text +=
        wrapped(fmt::format("Also {}{}: {}", also.id, about, also.message), kFindingIndent, style);
    if (style.detail == Detail::everything) text += reasons(also, style);
  }
  text += wrapped(where_set(finding), kFindingIndent, style);
  const std::string fix = fix_text(finding.fix);
  return fix.empty() ? text : text + wrapped("Fix: " + fix, kFindingIndent, style);
}

/// Many of one kind: a line each, and what fixes all of them.
std::string list(const FindingGroup& group, const Style& style) {
  const Finding& first = *group.findings.front();
  std::string text =
      fmt::format("{}  {}\n", first.id,
                  text::plural(static_cast<std::int64_t>(group.findings.size()),
                               first.key ? "key" : "case", first.key ? "keys" : "cases"));
  for (const Finding* const finding : group.findings) {
    std::string line = finding->subject + ": " + finding->message;
    if (const std::string place = where_set(*finding); !place.empty()) line += ' ' + place;
    if (!finding->fix.settings.empty()) line += " Fix: " + fix_text(finding->fix) + '.';
    text += wrapped(line, kFindingIndent, style);
  }
  const bool each = !first.fix.settings.empty();
  const Rule* const rule = find_rule(first.id);
  return each || rule == nullptr
             ? text
             : text + wrapped("Fix: " + std::string(rule->fix), kFindingIndent, style);
}

std::string failure(const FindingGroup& group, const Style& style) {
  const std::string text = group.is_run ? list(group, style) : block(group, style);
  // The label alone may hold control characters: what comes from a host may not.
  return severity_label(group.findings.front()->severity, style.color) +
         clean(text, style.charset) + '\n';
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
  const bool only_notes = summary.errors + summary.warnings == 0 && summary.infos > 0;
  if (summary.fail == 0 && summary.unknown == 0) return "Nothing is wrong: " + counts(summary);
  if (only_notes && summary.unknown == 0) {
    return fmt::format("Nothing is wrong: {} (-v shows {}), {}",
                       text::plural(summary.infos, "note", "notes"),
                       summary.infos == 1 ? "it" : "them", counts(summary));
  }
  if (summary.fail == 0) return "Incomplete: " + counts(summary);
  std::string line;
  const auto add = [&line](const std::string& part) { line += (line.empty() ? "" : ", ") + part; };
  if (summary.errors > 0) add(text::plural(summary.errors, "error", "errors"));
  if (summary.warnings > 0) add(text::plural(summary.warnings, "warning", "warnings"));
  if (summary.infos > 0) add(text::plural(summary.infos, "note", "notes"));
  if (summary.below > 0) {
    add(fmt::format("{} more under Also", summary.below));
  }
  return line + "; " + counts(summary);
}

namespace {

/// What to do now: the command, and who has to act where no sysctl helps.
std::string next_step(const Report& report, const Style& style) {
  const Remedy remedy = remedy_of(report.findings, Severity::warning);
  std::string text;
  const bool worst = !remedy.beyond.empty() && remedy.beyond.front()->severity == Severity::error;
  if (worst || (remedy.settings.empty() && !remedy.beyond.empty())) {
    const Finding& first = *remedy.beyond.front();
    const std::string name = first.id + (first.subject.empty() ? "" : " (" + first.subject + ")");
    constexpr std::string_view kWho[] = {
        "the cause lies outside this host's settings", "tuner cannot set it",
        "a limit of the service has to change", "a route has to change",
        "the application or its operator has to act"};
    text = wrapped(fmt::format("{}{}: {}; see its Fix.",
                               report.next_command.empty() ? "Next: nothing to set. " : "", name,
                               kWho[static_cast<std::size_t>(first.fix.kind)]),
                   0, style);
  }
  return report.next_command.empty() ? text : text + "Next: " + report.next_command + '\n';
}

/// Nothing that anybody has to know of.
bool is_quiet(const Summary& summary) {
  return summary.errors + summary.warnings + summary.unknown + summary.waived == 0;
}

std::string body(const Report& report, const std::vector<FindingGroup>& groups,
                 const Style& style) {
  std::string text = clean(
      host_line(*report.host, report.profile ? &*report.profile : nullptr, style), style.charset);
  text += '\n';
  for (const FindingGroup& group : groups) text += failure(group, style);
  bool others = false;
  for (const Finding* const finding : worst_first(report.findings)) {
    if (finding->status == Status::fail || !is_shown(*finding, style.detail)) continue;
    text += other(*finding, style);
    others = true;
  }
  return others ? text + '\n' : text;
}

}  // namespace

std::string audit_text(const Report& report, const Style& style) {
  if (!report.host) return {};
  const Summary summary = report.summary();
  const auto groups = group_failures(report.findings);
  const std::string since = clean(since_text(report, style), style.charset);
  const bool quiet = is_quiet(summary) && style.detail != Detail::everything;
  if (quiet || style.detail == Detail::verdict_only) {
    const std::string sampled =
        report.host->sampled_for ? " Judged " + text::counted_since(*report.host) + "." : "";
    return wrapped(audit_verdict(as_shown(summary, groups)) + sampled, 0, style) + since;
  }
  std::string text = body(report, groups, style);
  const std::string_view more = summary.fail > 0 ? " Reasons: -v, or tuner explain NAME." : "";
  text += wrapped(audit_verdict(as_shown(summary, groups)) + std::string(more), 0, style);
  text += since;
  text += clean(wrapped(report.recommendation, 0, style), style.charset);
  return text + clean(next_step(report, style), style.charset);
}

}  // namespace tuner::render
