#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/boot.hpp"
#include "tuner/finding.hpp"
#include "tuner/former.hpp"
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
  std::optional<BootView> boot{};       ///< what the host's files come to
  std::optional<FormerAudit> former{};  ///< what this one is to be compared with
  std::string recommendation{};         ///< which profile fits, where none was asked for
  std::string next_command{};  ///< what sets the fixes; empty where no sysctl fixes anything

  [[nodiscard]] Summary summary() const;
  /// True when every check could be evaluated.
  [[nodiscard]] bool complete() const { return summary().unknown == 0 && errors.empty(); }
};

/// The order in which findings are shown: failures first, the worst of them at the top.
std::vector<const Finding*> worst_first(const std::vector<Finding>& findings);

/// Failures that are shown as one block.
struct FindingGroup {
  /// The first is the cause, or the worst; the others follow from it or have the same fix.
  std::vector<const Finding*> findings{};
  /// Three or more of one kind, each with a cause of its own: shown as a list.
  bool is_run = false;
};

/// What sysctls can do about the failures of a report.
struct Remedy {
  std::vector<Setting> settings{};       ///< each key once, the worst finding's first
  std::vector<std::string> findings{};   ///< names of findings that ask for all of them
  std::vector<const Finding*> beyond{};  ///< failures that no sysctl fixes here
};

}  // namespace tuner
