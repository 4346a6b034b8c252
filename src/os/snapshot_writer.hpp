#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "os/disguise.hpp"
#include "os/filled_directory.hpp"
#include "os/recording_files.hpp"

namespace tuner::os {

/// Writes the tree of a snapshot. What goes wrong first is kept until it is asked for.
class SnapshotWriter {
 public:
  SnapshotWriter(FilledDirectory directory, Disguise disguise)
      : directory_(std::move(directory)), disguise_(std::move(disguise)) {}

  /// A file that only a snapshot has, below records/ and the like.
  void write(const std::string& path, std::string_view text);

  /// All that a reading saw: files, links and directories. A path that leads through a link is
  /// written where the link leads to, below the directory.
  void write_seen(const std::map<std::string, RecordingFiles::Seen>& seen);

  [[nodiscard]] Disguise& disguise() { return disguise_; }

  /// Takes away all that was written.
  Result<void> discard() { return directory_.clear(); }

  [[nodiscard]] std::int64_t files() const { return files_; }
  [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

 private:
  void note(Result<void> result);
  void put(const std::string& path, std::string_view text, unsigned mode);
  void one(const std::string& path, const RecordingFiles::Seen& seen);
  [[nodiscard]] std::string without_links(const std::string& path) const;

  FilledDirectory directory_;
  Disguise disguise_;
  std::map<std::string, std::string> links_{};  ///< texts, by path without links
  std::set<std::string> written_{};
  std::map<std::string, std::string> sources_{};  ///< paths on the host, by those that are shown
  std::int64_t files_ = 0;
  std::optional<Error> problem_{};
};

}  // namespace tuner::os
