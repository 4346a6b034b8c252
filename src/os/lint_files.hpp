#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lint/lint.hpp"
#include "os/root_directory.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// Gets what one file came to, under the name that its user knows it by.
using TakeLint = std::function<void(const std::string& shown, const LintResult& result)>;

/// Lints files, directories with all *.conf below them, and "-" for standard input, one after
/// another. Relative paths begin in `directory`, as the root sees it. What could not be read is
/// returned.
std::vector<Error> lint_paths(RootDirectory& root, const HostSnapshot& target,
                              const std::vector<std::string>& paths, const std::string& directory,
                              const TakeLint& take);

/// Lints the files that either reader of the host applies, held against each other. What could not
/// be read is returned.
std::vector<Error> lint_host_files(RootDirectory& root, const HostSnapshot& target,
                                   const TakeLint& take);

}  // namespace tuner::os
