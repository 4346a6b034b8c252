#pragma once

#include <optional>
#include <string>

#include "cli/options.hpp"
#include "tuner/profile.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// A profile with its includes merged in, and the hash of its own file.
struct LoadedProfile {
  Profile profile{};
  std::string text{};
  std::string sha256{};
};

/// The option that gives values to a profile's inputs.
inline constexpr Option kInputOption{"input", "", "K=V",    "set an input of the profile: rtt=80ms",
                                     true,    {}, "profile"};

/// The profile that --profile names, with the values of --input; no value without --profile.
Result<std::optional<LoadedProfile>> profile_of(const Invocation& invocation);

/// The profile as it is on a host: inputs that were given as "measured" are measured, formulas are
/// numbers. Errors: too little moved to measure.
Result<Profile> fitted_to(Profile profile, const HostSnapshot& host);

/// The profile of a name, or of a path where `name` holds a slash; then its includes are looked for
/// beside it first.
Result<LoadedProfile> load_profile(const std::string& name);

}  // namespace tuner::cli
