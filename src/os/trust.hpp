#pragma once

#include <string>

#include "tuner/result.hpp"

namespace tuner::os {

/// Whether root may follow what an open file says: the file and the directory that holds it belong
/// to root or to the user who called sudo, and nobody else may write to them (a sticky directory
/// such as /tmp aside). Always true when not running as root.
Result<void> check_trusted(int file, const std::string& path);

}  // namespace tuner::os
