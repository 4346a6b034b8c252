#pragma once

#include "tuner/profile.hpp"

namespace tuner {

/// The profile with those that it includes merged in: a profile's own demand or input replaces
/// those of everything that it includes, and otherwise a later include an earlier one. Errors: a
/// loop of includes, which it shows; a formula that needs an input which no profile declares.
Result<Profile> resolve_profile(Profile profile, const ProfileLoader& load);

}  // namespace tuner
