#include "os/snapshot_writer.hpp"

#include <algorithm>

namespace tuner::os {

namespace {

constexpr unsigned kReadable = 0600;

unsigned mode_of(const RecordingFiles::Seen& seen) {
  constexpr unsigned kRead = 0400;
  constexpr unsigned kWrite = 0200;
  if (!seen.status) return kReadable;
  return (seen.status->owner_reads ? kRead : 0U) | (seen.status->owner_writes ? kWrite : 0U);
}

}  // namespace

void SnapshotWriter::note(Result<void> result) {
  if (!result && !problem_) problem_ = std::move(result.error());
}

void SnapshotWriter::put(const std::string& path, std::string_view text, unsigned mode) {
  if (!written_.insert(path).second) return;
  note(directory_.write(path, text, mode));
  ++files_;
}

void SnapshotWriter::write(const std::string& path, std::string_view text) {
  put(path, text, kReadable);
}

/// The path with every link on its way followed, as far as links were seen. It stays below the
/// root: an absolute link begins there. Empty where they go in circles.
std::string SnapshotWriter::without_links(const std::string& path) const {
  constexpr int kMostLinks = 40;  // as the kernel
  std::string whole = path_of_link({}, path);
  int followed = 0;
  for (std::size_t end = 0; end != std::string::npos && followed < kMostLinks;) {
    end = whole.find('/', end + 1);
    const std::string part = whole.substr(0, end);
    const auto link = links_.find(part);
    if (link == links_.end()) continue;
    const std::string rest = end == std::string::npos ? std::string() : whole.substr(end);
    whole = path_of_link({}, path_of_link(part, link->second) + rest);
    end = 0;
    ++followed;
  }
  if (followed == kMostLinks) return {};
  return whole;
}

void SnapshotWriter::one(const std::string& path, const RecordingFiles::Seen& seen) {
  const std::string place = without_links(path);
  if (place.empty()) return;
  const std::string shown = disguise_.path(place);
  if (const auto [other, fresh] = sources_.emplace(shown, place);
      !fresh && other->second != place) {
    return note(fail({.subject = shown,
                      .detail = "two files would have this name once names are replaced",
                      .hint = "Leave out --anonymise, or rename one."}));
  }
  if (seen.text) return put(shown, disguise_.content(place, *seen.text), mode_of(seen));
  if (!seen.status || written_.contains(shown)) return;
  if (seen.status->kind == FileStatus::Kind::directory) return note(directory_.make(shown));
  if (seen.unread) return put(shown, {}, 0);
  const bool asked_only =
      !path.starts_with("proc/") && seen.status->kind != FileStatus::Kind::unreachable;
  if (asked_only) put(shown, {}, kReadable);
}

void SnapshotWriter::write_seen(const std::map<std::string, RecordingFiles::Seen>& seen) {
  // A link stands where the links above it lead to; those come before it.
  for (const auto& [path, what] : seen) {
    if (!what.link) continue;
    const auto slash = path.rfind('/');
    const std::string above =
        slash == std::string::npos ? std::string() : without_links(path.substr(0, slash)) + '/';
    const std::string place = above + path.substr(slash + 1);
    if (!links_.emplace(place, *what.link).second) continue;
    const std::string shown = disguise_.path(place);
    written_.insert(shown);
    note(directory_.link(shown, disguise_.link(place, *what.link)));
  }
  for (const auto& [path, what] : seen) one(path, what);
}

}  // namespace tuner::os
