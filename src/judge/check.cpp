#include "judge/check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "boot/outcome.hpp"
#include "judge/congestion.hpp"
#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "judge/next_boot_findings.hpp"
#include "judge/reading.hpp"
#include "judge/remedy.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/share.hpp"
#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/profile.hpp"
#include "tuner/reading.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

namespace tuner {

namespace {

/// What the key will be after the next boot, and the line that decides it.
void tell_boot(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || !finding.key) return;
  finding.boot = value_at_boot(*input.boot, *finding.key, input.host);
  const BootValue* const value = input.boot->at_boot(*finding.key);
  if (value != nullptr && !finding.location) finding.location = Location{value->file, value->line};
}

/// The lines that set the other keys that its fix sets, where they set something else.
void tell_lines_of_fix(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || finding.status != Status::fail) return;
  for (const Setting& setting : finding.fix.settings) {
    const Assignment* const line = line_at_boot(*input.boot, setting.key);
    if (line == nullptr || setting.key == finding.key || line->value == setting.value) continue;
    finding.message += fmt::format(" {} is set in {}:{}.", setting.key, line->file, line->line);
  }
}

/// Editing a sysctl file does not help where a program sets the key after the files were applied.
void tell_owner(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || !finding.key || finding.status != Status::fail) return;
  if (finding.fix.kind != Fix::Kind::sysctl) return;
  const KeyOwner* const owner = input.boot->owner_of(*finding.key);
  if (owner == nullptr) return;
  finding.fix = {.kind = Fix::Kind::application,
                 .text = fmt::format("{} sets this key after the files are applied. {} Wanted: {}",
                                     owner->name, owner->hint, fix_text(finding.fix))};
}

/// What belongs to the whole machine is not set from a network namespace of its own.
void tell_machine(const AuditInput& input, Finding& finding) {
  const bool elsewhere = std::any_of(
      finding.fix.settings.begin(), finding.fix.settings.end(), [&input](const Setting& setting) {
        const Fact* const fact = find_fact(setting.key);
        return fact != nullptr && judge::machine_key_in_child(*fact, input.host);
      });
  if (!elsewhere) return;
  finding.fix = {.kind = Fix::Kind::application,
                 .text = "On the host, outside this namespace: " + fix_text(finding.fix)};
}

/// With one line gone another may decide, and a package's file is not to be edited.
void tell_other_lines(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || !finding.key || !finding.fix.takes_lines_out) return;
  if (input.boot->find(*finding.key) == nullptr && !input.boot->readers.assumed) {
    finding.fix.text = "No sysctl file sets it, so a reboot restores the kernel's default.";
    return;
  }
  finding.fix.text += other_lines(*input.boot, *finding.key);
}

/// More than an audit has; room for them is taken once.
constexpr std::size_t kUsualFindings = 160;

}  // namespace

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  findings.reserve(kUsualFindings);
  for (const Rule* const rule : rules::kAll) {
    for (Finding& finding : rule->check(input)) {
      finding.id = rule->id;
      tell_boot(input, finding);
      tell_other_lines(input, finding);
      tell_lines_of_fix(input, finding);
      tell_owner(input, finding);
      tell_machine(input, finding);
      findings.push_back(std::move(finding));
    }
  }
  judge_next_boot(input, findings);
  settle_fixes(findings);
  return findings;
}

std::string_view why_of(const Finding& finding) {
  if (!finding.why.empty()) return finding.why;
  const Rule* const rule = find_rule(finding.id);
  return rule == nullptr ? std::string_view() : rule->why;
}

std::string_view source_of(const Finding& finding) {
  if (!finding.source.empty()) return finding.source;
  const Rule* const rule = find_rule(finding.id);
  return rule == nullptr ? std::string_view() : rule->source;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::find_if(rules::kAll.begin(), rules::kAll.end(),
                                  [id](const Rule* rule) { return rule->id == id; });
  return found == rules::kAll.end() ? nullptr : *found;
}

}  // namespace tuner
