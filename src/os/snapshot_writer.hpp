#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/sockets/anonymous.hpp"
#include "os/recording_files.hpp"
#include "os/snapshot.hpp"

namespace tuner::os {

/// Writes the tree of a snapshot. What goes wrong is kept until it is asked for.
class SnapshotWriter {
 public:
  SnapshotWriter(std::filesystem::path folder, Addresses addresses, std::string hostname)
      : folder_(std::move(folder)), addresses_(addresses), hostname_(std::move(hostname)) {}

  void write(const std::string& path, std::string_view text,
             std::filesystem::perms mode = kReadable);

  /// A file, link or folder that a reading saw.
  void write_seen(const std::string& path, const RecordingFiles::Seen& seen);

  /// What may be shown of a socket, of text, and of lines of /proc/net/tcp.
  TcpSocket shown(const TcpSocket& socket);
  std::string shown(std::string_view text);
  std::string shown_lines(const std::string& text);

  /// Takes away all that was written.
  void discard() const;

  [[nodiscard]] std::int64_t files() const { return files_; }
  /// The first file that could not be written; empty where all were.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static constexpr std::filesystem::perms kReadable =
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

  [[nodiscard]] std::string without_name(std::string text) const;
  std::string content_of(const std::string& path, const std::string& text);

  std::filesystem::path folder_;
  Addresses addresses_;
  std::string hostname_;
  Anonymous anonymous_{};
  std::int64_t files_ = 0;
  std::string problem_{};
};

}  // namespace tuner::os
