#pragma once

#include "tuner/profile.hpp"

namespace tuner {

/// Reads the text of a profile. `path` is named in errors, and its stem has to be the name.
/// Errors: ErrorKind::configuration with line, column, key and hint.
Result<Profile> parse_profile(std::string_view text, const std::string& path);

}  // namespace tuner
