#pragma once

#include <string>

#include "tuner/profile.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// A profile with its includes merged in, and the hash of its own file.
struct LoadedProfile {
  Profile profile{};
  std::string text{};
  std::string sha256{};
};

/// The profile of a name, or of a path where `name` holds a slash; then its includes are looked for
/// beside it first.
Result<LoadedProfile> load_profile(const std::string& name);

}  // namespace tuner::cli
