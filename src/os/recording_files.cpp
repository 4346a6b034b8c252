#include "os/recording_files.hpp"

namespace tuner::os {

template <class T>
void RecordingFiles::note(const std::string& path, const Observed<T>& result) {
  if (result || result.error().why == Unread::Why::absent) return;
  seen_[path].unread = result.error();
}

Observed<std::string> RecordingFiles::read(const std::string& path) {
  auto text = files_.read(path);
  if (text) seen_[path].text = *text;
  note(path, text);
  return text;
}

Observed<std::vector<std::string>> RecordingFiles::list(const std::string& directory) {
  auto names = files_.list(directory);
  if (names) seen_[directory].status = FileStatus{.kind = FileStatus::Kind::directory};
  note(directory, names);
  return names;
}

Observed<FileStatus> RecordingFiles::status(const std::string& path) {
  auto status = files_.status(path);
  if (status) seen_[path].status = *status;
  note(path, status);
  return status;
}

Observed<std::string> RecordingFiles::link(const std::string& path) {
  auto link = files_.link(path);
  if (link) seen_[path].link = *link;
  note(path, link);
  return link;
}

}  // namespace tuner::os
