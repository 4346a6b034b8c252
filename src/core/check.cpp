#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/judge/congestion.hpp"
#include "core/judge/demand.hpp"
#include "core/judge/findings.hpp"
#include "core/next_boot_findings.hpp"
#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/profile.hpp"
#include "tuner/reading.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

namespace tuner {

namespace {

/// Failures first, the worst at the top; then what could not be read, was left out, and passed.
int rank(const Finding& finding) {
  if (finding.status == Status::fail) return 3 - static_cast<int>(finding.severity);
  if (finding.status == Status::unknown) return 4;
  return finding.status == Status::skipped ? 5 : 6;
}

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

/// A sysctl file is no way out where a program sets the key after the files were applied.
void tell_owner(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || !finding.key || finding.status != Status::fail) return;
  if (finding.fix.kind != Fix::Kind::sysctl) return;
  const KeyOwner* const owner = input.boot->owner_of(*finding.key);
  if (owner == nullptr) return;
  finding.fix = {.kind = Fix::Kind::application,
                 .text = fmt::format("{} sets this key after the files are applied. {} Wanted: {}",
                                     owner->name, owner->way_out, text_of(finding.fix))};
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
                 .text = "On the host, outside of this namespace: " + text_of(finding.fix)};
}

/// With one line gone another may decide, and a package's file is not to be edited.
void tell_other_lines(const AuditInput& input, Finding& finding) {
  if (input.boot == nullptr || !finding.key || !finding.fix.takes_lines_out) return;
  if (input.boot->find(*finding.key) == nullptr && !input.boot->readers.assumed) {
    finding.fix.text = "No sysctl file sets it, so a reboot gives it the kernel's own value.";
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

std::vector<const Finding*> worst_first(const std::vector<Finding>& findings) {
  std::vector<const Finding*> order;
  order.reserve(findings.size());
  for (const Finding& finding : findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(), [](const Finding* left, const Finding* right) {
    return rank(*left) < rank(*right);
  });
  return order;
}

Reading reading_for(const Profile* profile) {
  Reading reading{.sockets = Reading::Sockets::survey, .evidence = true};
  // tcp_ehash_entries is what the default of other keys follows from.
  std::set<std::string_view> keys{"net.ipv4.tcp_ehash_entries"};
  for (const Rule* const rule : rules::kAll) {
    if (rule->about_profile && profile == nullptr) continue;
    keys.insert(rule->reads.begin(), rule->reads.end());
  }
  for (const Fact* const fact : all_facts()) {
    const bool judged = fact->default_rule != nullptr && fact->more == More::is_more_room;
    if (judged || fact->without_effect_since > KernelVersion{}) keys.insert(fact->key);
  }
  const std::vector<Demand> none;
  for (const Demand& demand : profile == nullptr ? none : profile->demands) {
    if (demand.area == Area::sysctl) keys.insert(demand.key);
    for (const Demand* one = &demand; one != nullptr;
         one = one->otherwise.empty() ? nullptr : &one->otherwise.front()) {
      if (one->when && !one->when->key.empty()) keys.insert(one->when->key);
    }
    // What a formula on buffers looks at; see receive_share().
    if (!demand.formulas.empty()) keys.insert("net.ipv4.tcp_adv_win_scale");
    if (demand.key == judge::kCongestionControl) reading.congestion_modules = true;
  }
  reading.keys.assign(keys.begin(), keys.end());
  return reading;
}

Reading plan_reading_for(const Profile& profile) {
  Reading reading = reading_for(&profile);
  reading.evidence = false;
  const bool ports =
      std::any_of(profile.demands.begin(), profile.demands.end(),
                  [](const Demand& demand) { return demand.key == judge::kPortRange; });
  reading.sockets = ports ? Reading::Sockets::listening : Reading::Sockets::none;
  return reading;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::find_if(rules::kAll.begin(), rules::kAll.end(),
                                  [id](const Rule* rule) { return rule->id == id; });
  return found == rules::kAll.end() ? nullptr : *found;
}

Summary Report::summary() const {
  Summary summary;
  summary.checks = static_cast<int>(findings.size());
  for (const Finding& finding : findings) {
    const bool failed = finding.status == Status::fail;
    summary.pass += finding.status == Status::pass ? 1 : 0;
    summary.fail += failed ? 1 : 0;
    summary.unknown += finding.status == Status::unknown ? 1 : 0;
    summary.skipped += finding.status == Status::skipped ? 1 : 0;
    summary.errors += failed && finding.severity == Severity::error ? 1 : 0;
    summary.warnings += failed && finding.severity == Severity::warning ? 1 : 0;
    summary.infos += failed && finding.severity == Severity::info ? 1 : 0;
    summary.waived += finding.waiver ? 1 : 0;
  }
  return summary;
}

}  // namespace tuner
