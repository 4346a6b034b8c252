#pragma once

#include <string>
#include <string_view>

namespace tuner::os {

class FileSource;

/// The last value of NAME=VALUE in a file of settings, with blanks or without, quotes taken off;
/// empty where the file has none or cannot be read.
std::string assigned_value(FileSource& files, const std::string& path, std::string_view name);

}  // namespace tuner::os
