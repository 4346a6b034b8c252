#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// A directory that a user named to be filled. Whatever is written lies below it: no link is ever
/// followed, nor one that was made before (openat2(2) with RESOLVE_BENEATH and
/// RESOLVE_NO_SYMLINKS), and no file that is there is opened. Paths are relative:
/// "etc/sysctl.conf".
class FilledDirectory {
 public:
  /// Made, for this user alone, or there: then empty, this user's, and not writable by others.
  /// Errors: it is not; what the system says.
  static Result<FilledDirectory> open(const std::string& given);

  /// The same, and it may hold something. A new one has what the umask leaves of `mode`.
  static Result<FilledDirectory> claim(const std::string& given, unsigned mode);

  /// A new file, with the directories that lead to it. Errors: it is there; a link lies on the way;
  /// what the system says.
  Result<void> write(const std::string& path, std::string_view text, unsigned mode);
  /// A directory; one that is there is fine.
  Result<void> make(const std::string& path);
  /// A new link with that text, which nothing is looked up for.
  Result<void> link(const std::string& path, const std::string& text);

  /// Takes away all that is in it.
  Result<void> clear();

  /// What a directory below it holds, "." for itself.
  [[nodiscard]] Result<std::vector<std::string>> names(const std::string& path) const;
  /// Whether there is a regular file that begins so. A link is none, nor a pipe.
  [[nodiscard]] Result<bool> begins_with(const std::string& path, std::string_view head) const;
  /// A file takes the place of another one, wholly or not at all.
  Result<void> move(const std::string& path, const std::string& to);
  Result<void> remove(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  FilledDirectory(Descriptor directory, std::string path)
      : directory_(std::move(directory)), path_(std::move(path)) {}

  [[nodiscard]] std::string shown(const std::string& path) const { return path_ + '/' + path; }
  [[nodiscard]] Result<Descriptor> open_beneath(const std::string& path, std::uint64_t flags,
                                                unsigned mode) const;
  /// The directory that a path is in.
  [[nodiscard]] Result<Descriptor> open_above(const std::string& path) const;

  Descriptor directory_;
  std::string path_;
};

}  // namespace tuner::os
