#include "os/snapshot_writer.hpp"

#include <fstream>

#include "core/parse/number.hpp"
#include "core/parse/sockets.hpp"

namespace tuner::os {

namespace {

namespace fs = std::filesystem;

/// Only what tuner looks for in files that tell more of a host than its network.
std::string only_paragraphs(std::string_view database) {
  std::string kept;
  for (std::size_t start = 0; start < database.size();) {
    const auto end = std::min(database.find("\n\n", start), database.size());
    const auto paragraph = database.substr(start, end - start);
    for (const std::string_view package : {"Package: procps\n", "Package: systemd\n"}) {
      if (paragraph.starts_with(package)) kept.append(paragraph).append("\n\n");
    }
    start = end + 2;
  }
  return kept;
}

std::string only_congestion_controls(std::string_view modules) {
  std::string kept;
  for (const std::string_view line : parse::lines(modules)) {
    if (line.substr(0, line.find(':')).find("/tcp_") != std::string_view::npos) {
      kept.append(line).append("\n");
    }
  }
  return kept;
}

constexpr std::string_view kNameless = "host";

/// People write names and addresses into comments. The lines stay, for findings that name them, and
/// so do comments that tuner reads.
std::string without_comments(std::string_view text) {
  std::string result;
  for (const std::string_view line : parse::lines(text)) {
    const std::string_view bare = parse::trim(line);
    const bool comment = bare.starts_with('#') || bare.starts_with(';');
    const bool own = bare.find("tuner: allow") != std::string_view::npos;
    result.append(comment && !own ? bare.substr(0, 1) : line).append("\n");
  }
  return result;
}

fs::perms mode_of(const RecordingFiles::Seen& seen) {
  if (!seen.status) return fs::perms::owner_read | fs::perms::owner_write;
  fs::perms mode = fs::perms::none;
  if (seen.status->owner_reads) mode |= fs::perms::owner_read;
  if (seen.status->owner_writes) mode |= fs::perms::owner_write;
  return mode;
}

}  // namespace

void SnapshotWriter::write(const std::string& path, std::string_view text, fs::perms mode) {
  const fs::path target = folder_ / path;
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  std::ofstream file(target, std::ios::binary);
  file << text;
  file.close();
  fs::permissions(target, mode, error);
  if (!file && problem_.empty()) problem_ = target;
  ++files_;
}

void SnapshotWriter::write_seen(const std::string& path, const RecordingFiles::Seen& seen) {
  if (seen.text) return write(path, content_of(path, *seen.text), mode_of(seen));
  std::error_code error;
  const fs::path target = folder_ / path;
  fs::create_directories(target.parent_path(), error);
  if (seen.link) return fs::create_symlink(*seen.link, target, error);
  if (!seen.status || fs::exists(target, error)) return;
  if (seen.status->kind == FileStatus::Kind::folder) {
    fs::create_directories(target, error);
  } else if (!path.starts_with("proc/")) {
    write(path, "");  // that it is there is all that was asked
  }
}

TcpSocket SnapshotWriter::shown(const TcpSocket& socket) {
  return addresses_ == Addresses::replaced ? anonymous_.socket(socket) : socket;
}

std::string SnapshotWriter::shown(std::string_view text) {
  if (addresses_ == Addresses::kept) return std::string(text);
  return without_name(anonymous_.text(text));
}

std::string SnapshotWriter::shown_lines(const std::string& text) {
  return addresses_ == Addresses::replaced ? parse::anonymous_proc(text, anonymous_) : text;
}

void SnapshotWriter::discard() const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    fs::remove_all(entry.path(), error);
  }
}

std::string SnapshotWriter::without_name(std::string text) const {
  constexpr std::size_t kShortest = 3;  // shorter ones are parts of other words
  if (hostname_.size() < kShortest) return text;
  for (auto at = text.find(hostname_); at != std::string::npos; at = text.find(hostname_, at)) {
    text.replace(at, hostname_.size(), kNameless);
    at += kNameless.size();
  }
  return text;
}

std::string SnapshotWriter::content_of(const std::string& path, const std::string& text) {
  if (path == "var/lib/dpkg/status") return only_paragraphs(text);
  if (path.ends_with("/modules.dep")) return only_congestion_controls(text);
  if (addresses_ == Addresses::kept) return text;
  if (path == "proc/sys/kernel/hostname") return std::string(kNameless) + '\n';
  if (path.starts_with("proc/net/udp")) return parse::anonymous_proc(text, anonymous_);
  // What a kernel prints below /proc holds no address but in these.
  return path.starts_with("proc/") ? text : shown(without_comments(text));
}

}  // namespace tuner::os
