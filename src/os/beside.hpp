#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

/// Files that are written beside the one that they are to replace, in the same directory.
namespace tuner::os {

struct PathParts {
  std::string directory;
  std::string name;
};

PathParts parts_of(const std::string& path);

struct BesideNames {
  const std::string& path;  ///< for errors
  std::string name;
  std::string temporary;
};

/// Hidden, and not ending in ".conf": procps reads hidden files that do.
std::string temporary_name(const std::string& name);

Result<Descriptor> open_directory(const std::string& directory);

/// It and those above it are made where they are missing, durably.
Result<Descriptor> make_directory(const std::string& directory);

/// Written, dressed and synced, under the temporary name.
Result<void> write_beside(int directory, const BesideNames& names, std::string_view text,
                          unsigned mode, const std::function<bool(int)>& dress);

/// That there is none is no error.
Result<void> discard_beside(int directory, const std::string& path, const std::string& temporary);

}  // namespace tuner::os
