#pragma once

#include <functional>
#include <string>

#include "os/file_source.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// Hands on a file, or all below a directory whose names end in ".conf", sorted within each
/// directory; hidden directories are left out, and links to directories are not followed further
/// down. `path` is below the root. What is not there, or cannot be read, goes to `fail`, and the
/// rest is walked.
void walk_config(FileSource& files, const std::string& path,
                 const std::function<void(const std::string&)>& take,
                 const std::function<void(const Error&)>& fail);

}  // namespace tuner::os
