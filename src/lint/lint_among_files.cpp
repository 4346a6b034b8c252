#include "boot/outcome.hpp"
#include "boot/tuner_file.hpp"
#include "judge/check.hpp"
#include "knowledge/constraints.hpp"
#include "lint/lint.hpp"
#include "model/number.hpp"
#include "tuner/boot.hpp"
#include "tuner/rule.hpp"

namespace tuner {

namespace {

constexpr std::string_view kTakeOut = "Remove the line";  // so each such fix begins

/// Whether another line decides at boot, so that this one of a vendor's does nothing.
bool is_overruled(const BootView& view, const std::string& file, const LintFinding& finding) {
  const BootValue* const winner = view.at_boot(finding.key);
  return winner != nullptr && (winner->file != file || winner->line != finding.line);
}

/// Whether the finding is about values that another file replaces: what the host boots is not that.
bool is_undone(const BootView& view, const std::string& file, const LintFinding& finding) {
  constexpr std::string_view kStamps = "net.ipv4.tcp_timestamps";
  if (finding.id == "tcp-tw-reuse-without-timestamps") {
    const BootValue* const stamps = view.at_boot(kStamps);
    const auto number =
        stamps == nullptr || !stamps->value ? std::nullopt : parse::integer(*stamps->value);
    return number && constraints::kReuseHasStamps.holds_for({1, *number});
  }
  const Rule* const rule = find_rule(finding.id);
  const bool about_value = rule != nullptr && rule->judges_values;
  return about_value && is_overruled(view, file, finding);
}

}  // namespace

std::map<std::string, std::vector<LintFinding>> overruled_lines(const BootView& view) {
  std::map<std::string, std::vector<LintFinding>> lines;
  for (const BootKey& key : view.keys) {
    for (const Shadowed* const loser : misleading(view, key)) {
      const BootValue* const winner = key.by(view.readers.at_boot);
      lines[loser->file].push_back({.id = "fragment-shadowed",
                                    .severity = Severity::info,
                                    .subject = key.key,
                                    .key = key.key,
                                    .value = loser->value,
                                    .line = loser->line,
                                    .message = "No effect: " + winner->file + ':' +
                                               std::to_string(winner->line) +
                                               " comes later and sets " + *winner->value + ".",
                                    .fix = "Keep one of the two lines."});
    }
  }
  return lines;
}

void fit_to_host(const BootView& view, const std::string& file, LintResult& result) {
  const bool vendor = is_vendor_file(file);
  if (vendor) {
    std::erase_if(result.findings, [&](const LintFinding& finding) {
      return !finding.key.empty() && is_overruled(view, file, finding);
    });
  }
  std::erase_if(result.findings,
                [&](const LintFinding& finding) { return is_undone(view, file, finding); });
  for (LintFinding& finding : result.findings) {
    if (finding.fix.empty()) continue;
    if (vendor) {
      finding.fix = copy_of_vendor_file(file) + ". In the copy: " + finding.fix;
    } else if (finding.fix.starts_with(kTakeOut) && !finding.key.empty()) {
      const Assignment* const next = decides_without(view, finding.key, file, finding.line);
      if (next == nullptr) continue;
      const std::string outcome =
          next->file + ':' + std::to_string(next->line) + " sets it to " + next->value;
      if (is_vendor_file(next->file)) {
        finding.fix = "Write the value you want: without the line, " + outcome + '.';
      } else if (is_fragment_path(next->file)) {
        finding.fix += " Then " + outcome + '.';  // which is what tuner was asked for
      } else {
        finding.fix += " Then " + outcome + ": remove that too.";
      }
    }
  }
}

}  // namespace tuner
