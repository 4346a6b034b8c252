#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/boot.hpp"
#include "tuner/finding.hpp"
#include "tuner/profile.hpp"
#include "tuner/result.hpp"
#include "tuner/rule.hpp"

namespace tuner {

struct Summary {
  int checks = 0;
  int pass = 0;
  int fail = 0;
  int unknown = 0;
  int skipped = 0;  ///< waived ones too
  int errors = 0;
  int warnings = 0;
  int infos = 0;
  int waived = 0;
  int below = 0;  ///< failures that stand under another one's heading; see as_shown()
};

/// An audit's result.
struct Report {
  std::shared_ptr<const HostSnapshot> host{};  ///< absent when the audit could not begin
  std::optional<Profile> profile{};
  std::string profile_sha256{};
  std::chrono::sys_seconds generated_at{};
  std::vector<Finding> findings{};
  std::vector<std::string> warnings{};
  std::vector<Error> errors{};
  std::optional<BootView> boot{};  ///< what the host's files come to
  std::string recommendation{};    ///< which profile fits, where none was asked for
  std::string next_command{};      ///< what sets the fixes; empty where no sysctl mends anything

  [[nodiscard]] Summary summary() const;
  /// True when every check could be evaluated.
  [[nodiscard]] bool complete() const { return summary().unknown == 0 && errors.empty(); }
};

/// Runs every rule on the host, and on the profile where there is one. In the order of the rules.
std::vector<Finding> check(const AuditInput& input);

/// The order in which findings are shown: failures first, the worst of them at the top.
std::vector<const Finding*> worst_first(const std::vector<Finding>& findings);

/// Failures that are shown as one block.
struct FindingGroup {
  /// The first is the cause, or the worst; the others follow from it or have the same fix.
  std::vector<const Finding*> findings{};
  /// Three or more of one kind, each with a cause of its own: shown as a list.
  bool is_run = false;
};

/// The failures in the order of worst_first(), each under its cause: a listener whose queue is full
/// is one block, not a full queue, a cap and unanswered connects to itself.
std::vector<FindingGroup> group_failures(const std::vector<Finding>& findings);

/// The same summary with the numbers of the blocks in the place of single failures.
Summary as_shown(Summary summary, const std::vector<FindingGroup>& groups);

/// One value for each key that fixes set: where two findings ask for different ones, both get the
/// larger of those that are room, else what the worse finding says.
void settle_fixes(std::vector<Finding>& findings);

/// What sysctls can do about the failures of a report.
struct Remedy {
  std::vector<Setting> settings{};       ///< each key once, the worst finding's first
  std::vector<std::string> findings{};   ///< names of findings that ask for all of them
  std::vector<const Finding*> beyond{};  ///< failures that no sysctl mends here
};

/// Of failures that are at least as bad as `least`.
Remedy remedy_of(const std::vector<Finding>& findings, Severity least);

/// The finding's own reason and source, or those of its rule.
std::string_view why_of(const Finding& finding);
std::string_view source_of(const Finding& finding);

/// Marks the failures that a waiver covers on `today`, and says in the result which waivers have
/// run out and which cover nothing.
std::vector<std::string> apply_waivers(std::vector<Finding>& findings,
                                       const std::vector<Waiver>& waivers,
                                       std::chrono::year_month_day today);

/// Reads waivers.toml. Errors: ErrorKind::configuration with line, column and field.
Result<std::vector<Waiver>> parse_waivers(std::string_view text, const std::string& file);

/// `after` with its counters counted from `before` on. A counter that went backwards is malformed.
HostSnapshot difference(const HostSnapshot& before, const HostSnapshot& after,
                        std::chrono::milliseconds interval);

}  // namespace tuner
