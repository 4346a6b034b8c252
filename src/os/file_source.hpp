#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/observed.hpp"

namespace tuner::os {

/// Whether what is below proc is the running kernel's, or was copied.
enum class Kernel { running, captured };

/// What a path leads to.
struct FileStatus {
  enum class Kind {
    file,
    directory,
    other,
    unreachable,  ///< a link that goes in circles, or through something that is not a directory
  };
  Kind kind = Kind::file;
  bool owner_reads = true;
  bool owner_writes = true;
};

/// Files below one root. The tests have a twin in memory.
class FileSource {
 public:
  virtual ~FileSource() = default;

  /// The whole content of `path`, relative to the root ("proc/sys/net/core/somaxconn"). Sysctls
  /// come in one read(2), so that the kernel prints all elements of a vector at once.
  virtual Observed<std::string> read(const std::string& path) = 0;

  /// The same of a file that the user named: a pipe is waited for.
  virtual Observed<std::string> read_named(const std::string& path) { return read(path); }

  /// The names in a directory but "." and "..".
  virtual Observed<std::vector<std::string>> list(const std::string& directory) = 0;

  /// What `path` leads to, through links.
  virtual Observed<FileStatus> status(const std::string& path) = 0;

  /// Whether `path` lies on a file system that is mounted read-only, as /proc/sys is in containers.
  virtual bool is_read_only(const std::string& path) = 0;

  /// The text of a link; absent where `path` is none.
  virtual Observed<std::string> link(const std::string& path) = 0;

  /// The lines of `path` one by one, until `take` returns false. A file of the running kernel is
  /// read no further than that: /proc/net/tcp has a line for each of a million connections.
  virtual Observed<void> read_lines(const std::string& path,
                                    const std::function<bool(std::string_view)>& take) {
    const auto text = read(path);
    if (!text) return tl::unexpected(text.error());
    std::string_view rest = *text;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      if (!take(rest.substr(0, end))) break;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
  }
};

}  // namespace tuner::os
