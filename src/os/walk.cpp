#include "os/walk.hpp"

#include <algorithm>
#include <vector>

namespace tuner::os {

namespace {

Error error_of(const std::string& path, const Unread& unread) {
  const bool denied = unread.why == Unread::Why::not_permitted;
  return {.kind = denied ? ErrorKind::permission : ErrorKind::failure,
          .subject = path,
          .detail = "it is " + unread_text(unread),
          .hint = denied ? "Run as a user who may read it." : "Give a sysctl file or a directory."};
}

/// In a stable order, whatever the file system gives.
std::vector<std::string_view> sorted_names(const std::vector<std::string>& names) {
  std::vector<std::string_view> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

void walk_config(FileSource& files, const std::string& path,
                 const std::function<void(const std::string&)>& take,
                 const std::function<void(const Error&)>& fail) {
  const auto status = files.status(path);
  if (!status) return fail(error_of(path, status.error()));
  if (status->kind == FileStatus::Kind::unreachable) {
    return fail({.subject = path, .detail = "dangling symlink"});
  }
  if (status->kind != FileStatus::Kind::directory) return take(path);
  const auto names = files.list(path);
  if (!names) return fail(error_of(path, names.error()));
  for (const std::string_view name : sorted_names(*names)) {
    const std::string below = path + (path.ends_with('/') ? "" : "/") + std::string(name);
    if (name.ends_with(".conf")) {
      take(below);
    } else if (!name.starts_with('.') && !files.link(below)) {
      const auto kind = files.status(below);
      if (!kind || kind->kind == FileStatus::Kind::directory) walk_config(files, below, take, fail);
    }
  }
}

}  // namespace tuner::os
