#pragma once

#include <string>
#include <vector>

#include "change/fragment.hpp"
#include "change/live.hpp"

namespace tuner {

/// What tuner's sysctl.d file is to be.
struct KeptPlan {
  std::optional<TextFile> fragment{};  ///< no value: nothing has to be kept
  std::vector<FragmentLine> lines{};
  std::vector<Change> changes{};  ///< the lines that the profile asks for now
  std::vector<Refusal> refusals{};
  std::vector<std::string> warnings{};
};

/// A line for each key that would not boot as the profile wants it, worked out without tuner's own
/// file: so the same profile comes to the same file, whatever runs.
KeptPlan plan_kept(const Profile& profile, const HostSnapshot& host, const ApplyBase& base,
                   const ApplySurvey& survey, const ApplyOptions& options);

}  // namespace tuner
