#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tuner/result.hpp"

struct stat;

/// Files that change wholly or not at all, whatever dies in between.
namespace tuner::os {

struct FileContent {
  std::string text{};
  unsigned mode = 0;
};

/// A regular file; no value where there is none. Errors: a link, a directory or a device in its
/// place.
Result<std::optional<FileContent>> read_whole(const std::string& path);

/// Puts a file in its place: written beside it under a name that no reader takes, synced, renamed,
/// and the directory synced. The directory is made where it is missing.
Result<void> replace_file(const std::string& path, std::string_view text, unsigned mode);

/// The same for a file of a user's, in a directory that is there: under a name of its own for each
/// run, with the owner and mode of `old`, or those of a new file where that is null. Errors: EPERM
/// where the owner cannot be given.
Result<void> replace_output(const std::string& path, std::string_view text, const struct stat* old);

}  // namespace tuner::os
