#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "tuner/finding.hpp"

namespace tuner {

class HostSnapshot;
struct BootView;
struct Profile;

/// What a rule may look at.
struct AuditInput {
  const HostSnapshot& host;
  const Profile* profile = nullptr;  ///< resolved; null when none was asked for
  const BootView* boot = nullptr;    ///< what the sysctl files come to; null where nobody looked
};

/// One finding name: how it is judged, and the text that `tuner explain`, the man page and JSON
/// share. A rule lives in one file of src/rules, named after it.
struct Rule {
  std::string_view id;
  std::string_view what;    ///< what the finding states, in one sentence
  std::string_view why;     ///< why it matters
  std::string_view fix;     ///< how to fix it in general
  std::string_view source;  ///< kernel file, document or RFC
  /// The sysctls that it looks at, beside those of the profile and of the facts that kernel
  /// defaults and effects are judged by (reading_for()).
  std::initializer_list<std::string_view> reads{};
  bool judges_values = false;  ///< of the values alone, whatever was counted
  bool about_profile = false;  ///< says nothing without a profile: then its keys are not read
  /// One finding per subject; none where the rule has nothing to judge.
  std::vector<Finding> (*check)(const AuditInput& input) = nullptr;
};

namespace rules {
/// Every rule, sorted by name; made by the build.
extern const std::span<const Rule* const> kAll;
}  // namespace rules

}  // namespace tuner
