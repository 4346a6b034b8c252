#pragma once

#include <string>

#include "tuner/result.hpp"

namespace tuner::os {

/// All that comes out of an open descriptor, up to its end. Errors: failure, with the errno in
/// words.
Result<std::string> read_all(int descriptor);

}  // namespace tuner::os
