#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "change/origins.hpp"
#include "tuner/apply.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

/// Whether the options leave a key in the plan.
bool is_selected(const ApplyOptions& options, std::string_view key);

/// What a plan is made from.
struct ApplyBase {
  std::map<std::string, Origin> origins{};
  HostSnapshot host{};                          ///< without what tuner did to it
  Plan wanted{};                                ///< what the profile asks of that host
  std::map<std::string, std::string> single{};  ///< see single_keys()
};

/// The values that are to run and do not, in the order of writing: what the profile wants, and what
/// only an earlier profile wanted and goes back.
std::vector<PlannedKey> live_changes(const Profile& profile, const HostSnapshot& host,
                                     const ApplyBase& base, const ApplyOptions& options);

}  // namespace tuner
