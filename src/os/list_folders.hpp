#pragma once

#include <string>
#include <vector>

#include "tuner/result.hpp"

namespace tuner::os {

/// The names of the folders in a folder, links to folders too, sorted; hidden ones are left out.
/// Errors: `path` is no folder that can be read.
Result<std::vector<std::string>> list_folders(const std::string& path);

}  // namespace tuner::os
