#pragma once

#include <set>
#include <string>
#include <string_view>

#include "os/filled_directory.hpp"

namespace tuner::os {

/// A directory of pages, which each run writes anew. Nothing that tuner did not write is replaced
/// or taken away. Each page changes wholly or not at all, and one that is not written any more goes
/// last, so that who reads meanwhile finds every link.
class PageDirectory {
 public:
  /// A new directory, an empty one, or one with pages alone: regular files that begin with `head`,
  /// in it and in the directory `below`. Errors: it holds something else; see FilledDirectory.
  static Result<PageDirectory> open(const std::string& given, std::string_view head,
                                    const std::string& below);

  /// "hosts/web01.html".
  Result<void> write(const std::string& path, std::string_view text);
  /// Takes away the pages that an earlier run wrote and this one did not.
  Result<void> finish();

 private:
  explicit PageDirectory(FilledDirectory directory) : directory_(std::move(directory)) {}
  Result<void> look(const std::string& below, std::string_view head);
  Result<void> take_in(const std::string& path, std::string_view head);

  FilledDirectory directory_;
  std::set<std::string> stale_{};  ///< pages that are there and were not written
};

}  // namespace tuner::os
