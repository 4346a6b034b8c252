#pragma once

#include <string>
#include <vector>

#include "cli/load_profile.hpp"

namespace tuner::cli {

/// What an apply is to set: a profile, single settings, what an audit wants, or a profile with
/// those in the place of its own.
struct AskedValues {
  LoadedProfile loaded{};            ///< without a name where no profile was asked for
  bool alone = false;                ///< no profile: all that is not named stays as it is
  std::vector<std::string> notes{};  ///< what was asked for and is not among the values
  std::string network{};             ///< the namespace that was asked for, for people
  std::vector<std::string> then{};   ///< what the fixes want done besides
};

/// Reads --profile, --input, --set, --fix and --fix-all; the last two audit this host. Errors:
/// usage, for names, keys and values that are none; failure, for a finding that no sysctl fixes.
Result<AskedValues> asked_values_of(const Invocation& invocation);

}  // namespace tuner::cli
