#pragma once

#include <string>
#include <string_view>

#include "tuner/result.hpp"

namespace tuner::os {

/// Writes what a user asked for to a file of the user's choice.
///
/// A regular file is replaced, wholly or not at all, and keeps its owner and mode; a new one gets
/// what the umask leaves of 0666. Through a link, the file behind it is replaced, unless another
/// user put the link into a directory such as /tmp. Where the owner cannot be kept, or nothing can
/// be made in the directory, the file is written in place instead. Everything else is written to
/// and never replaced: a pipe, a device, and what is open already (/dev/stdout, /dev/fd/N), behind
/// what is in it. Errors: what the system says.
Result<void> write_output(const std::string& path, std::string_view text);

}  // namespace tuner::os
