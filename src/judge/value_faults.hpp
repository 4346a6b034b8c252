#pragma once

#include <string>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// The failures of the rules that judge values by themselves, whatever was counted: warnings and
/// errors about a key.
std::vector<Finding> value_faults(const HostSnapshot& host);

/// What an audit will find wrong with the values that were given by kSetOption.
std::vector<std::string> doubts_about(const Profile& profile, const HostSnapshot& host);

}  // namespace tuner
