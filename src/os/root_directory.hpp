#pragma once

#include <string>

#include "os/descriptor.hpp"
#include "os/file_source.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// The files of this host ("/") or of a tree that was captured from one. Links inside a captured
/// tree cannot lead out of it.
class RootDirectory : public FileSource {
 public:
  /// Fails when `path` is not a directory that can be opened.
  static Result<RootDirectory> open(const std::string& path);

  Observed<std::string> read(const std::string& path) override;
  Observed<std::string> read_named(const std::string& path) override;
  Observed<std::vector<std::string>> list(const std::string& directory) override;
  Observed<FileStatus> status(const std::string& path) override;
  bool is_read_only(const std::string& path) override;
  Observed<std::string> link(const std::string& path) override;
  Observed<void> read_lines(const std::string& path,
                            const std::function<bool(std::string_view)>& take) override;

  /// True for "/": the running kernel, not a captured tree.
  [[nodiscard]] bool is_live() const { return live_; }
  [[nodiscard]] Kernel kernel() const { return live_ ? Kernel::running : Kernel::captured; }

 private:
  RootDirectory(Descriptor directory, bool live);
  [[nodiscard]] int open_below(const char* path, int flags) const;

  Descriptor directory_;
  Descriptor sysctls_;  ///< proc/sys of the live host
  bool live_ = false;
};

}  // namespace tuner::os
