#pragma once

#include <string>
#include <string_view>

#include "tuner/result.hpp"

namespace tuner::os {

/// Writes all of `text` to an open descriptor. Errors: failure, with the errno in words.
Result<void> write_all(int descriptor, std::string_view text, const std::string& name);

/// Replaces the file `path` by `text`, wholly or not at all. A path that is no regular file, such
/// as /dev/stderr, is written to.
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace tuner::os
