#include "judge/next_boot_findings.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "boot/outcome.hpp"
#include "boot/tuner_file.hpp"
#include "judge/value_faults.hpp"
#include "read/sysctl.hpp"
#include "tuner/boot.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr std::string_view kDiffers = "boot-differs-from-running";

bool is_failing(const Finding& finding) { return finding.status == Status::fail; }

Finding* differing(std::vector<Finding>& findings, const std::string& key) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&key](const Finding& one) {
    return one.id == kDiffers && is_failing(one) && one.key == key;
  });
  return found == findings.end() ? nullptr : &*found;
}

/// The host with the values that the files give it; no value where they change nothing.
std::optional<HostSnapshot> booted(const AuditInput& input, std::vector<Finding>& findings) {
  HostSnapshot host = input.host;
  bool changed = false;
  for (const BootKey& key : input.boot->keys) {
    const BootValue* const value = input.boot->at_boot(key.key);
    if (value == nullptr || !value->value || differing(findings, key.key) == nullptr) continue;
    host.set_sysctl(key.key, parse::sysctl_value(*value->value));
    changed = true;
  }
  return changed ? std::optional(std::move(host)) : std::nullopt;
}

/// What has to be done about a line before it is applied.
Fix before_boot(const Finding& finding, const BootView& boot) {
  if (!finding.location) {
    return {.kind = Fix::Kind::sysctl, .text = "Remove the line before the next boot."};
  }
  const Location& line = *finding.location;
  if (is_fragment_path(line.file)) {
    return {.kind = Fix::Kind::sysctl,
            .text = fmt::format("That value was set with tuner: set another one with tuner apply "
                                "--set {}=VALUE, or run tuner rollback.",
                                *finding.key)};
  }
  return {.kind = Fix::Kind::sysctl,
          .text = fmt::format("Remove {}:{} before the next boot.", line.file, line.line) +
                  other_lines(boot, *finding.key)};
}

}  // namespace

void judge_next_boot(const AuditInput& input, std::vector<Finding>& findings) {
  if (input.boot == nullptr) return;
  const auto host = booted(input, findings);
  if (!host) return;
  for (const Finding& fault : value_faults(*host)) {
    Finding* const finding = differing(findings, *fault.key);
    if (finding == nullptr || finding->severity < Severity::warning) continue;
    finding->severity = std::max(finding->severity, fault.severity);
    finding->message += fmt::format(" That would cause {}. {}", fault.id, fault.message);
    finding->fix = before_boot(*finding, *input.boot);
    finding->wanted.reset();
  }
}

}  // namespace tuner
