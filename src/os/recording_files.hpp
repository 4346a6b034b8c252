#pragma once

#include <map>
#include <optional>
#include <string>

#include "os/file_source.hpp"

namespace tuner::os {

/// Hands on what it is asked for and keeps it: all that a reading saw of a host.
class RecordingFiles : public FileSource {
 public:
  struct Seen {
    std::optional<std::string> text{};
    std::optional<std::string> link{};
    std::optional<FileStatus> status{};
    std::optional<Unread> unread{};  ///< why something of it could not be had, though it is there
  };

  explicit RecordingFiles(FileSource& files) : files_(files) {}

  Observed<std::string> read(const std::string& path) override;
  Observed<std::vector<std::string>> list(const std::string& directory) override;
  Observed<FileStatus> status(const std::string& path) override;
  bool is_read_only(const std::string& path) override { return files_.is_read_only(path); }
  Observed<std::string> link(const std::string& path) override;

  /// By path, without a leading slash.
  [[nodiscard]] const std::map<std::string, Seen>& seen() const { return seen_; }

 private:
  template <class T>
  void note(const std::string& path, const Observed<T>& result);

  FileSource& files_;
  std::map<std::string, Seen> seen_{};
};

}  // namespace tuner::os
