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

  [[nodiscard]] Summary summary() const;
  /// True when every check could be evaluated.
  [[nodiscard]] bool complete() const { return summary().unknown == 0 && errors.empty(); }
};

/// Runs every rule on the host, and on the profile where there is one. In the order of the rules.
std::vector<Finding> check(const AuditInput& input);

/// The order in which findings are shown: failures first, the worst of them at the top.
std::vector<const Finding*> worst_first(const std::vector<Finding>& findings);

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
