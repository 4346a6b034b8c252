#pragma once

#include <functional>
#include <string>

#include "os/file_source.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// Hands on a file, or all below a folder whose names end in ".conf", sorted within each folder;
/// hidden folders are left out. `path` is below the root. Links to folders are not followed further
/// down. Errors: what is not there, or cannot be read.
Result<void> walk_config(FileSource& files, const std::string& path,
                         const std::function<void(const std::string&)>& take);

}  // namespace tuner::os
