#include "os/page_folder.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace tuner::os {

namespace {

constexpr unsigned kPublicFolder = 0755;
constexpr unsigned kPublicFile = 0644;
/// What is being written. It may be left, and empty, where a run was killed.
constexpr const char* kUnfinished = ".tuner-page";

/// What it leaves of a mode. There is no other way to ask.
unsigned without_umask(unsigned mode) {
  const mode_t mask = ::umask(S_IRWXG | S_IRWXO);
  ::umask(mask);
  return mode & ~mask;
}

}  // namespace

Result<PageFolder> PageFolder::open(const std::string& given, std::string_view head,
                                    const std::string& below) {
  auto folder = FilledFolder::claim(given, kPublicFolder);
  if (!folder) return tl::unexpected(folder.error());
  PageFolder pages(std::move(*folder));
  auto looked = pages.look(below, head);
  if (!looked) return tl::unexpected(looked.error());
  return pages;
}

Result<void> PageFolder::look(const std::string& below, std::string_view head) {
  const auto names = folder_.names(".");
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name == kUnfinished || name == below) continue;
    if (auto taken = take_in(name, head); !taken) return taken;
  }
  if (std::find(names->begin(), names->end(), below) == names->end()) return {};
  const auto inner = folder_.names(below);
  if (!inner) return tl::unexpected(inner.error());
  for (const std::string& name : *inner) {
    std::string path = below;
    path.append("/").append(name);
    if (auto taken = take_in(path, head); !taken) return taken;
  }
  return {};
}

Result<void> PageFolder::take_in(const std::string& path, std::string_view head) {
  const auto page = folder_.begins_with(path, head);
  if (!page) return tl::unexpected(page.error());
  if (!*page) {
    return fail({.subject = folder_.path(),
                 .detail = "it holds \"" + path + "\", which tuner fleet did not write",
                 .hint = "Give a directory that does not exist yet."});
  }
  stale_.insert(path);
  return {};
}

Result<void> PageFolder::write(const std::string& path, std::string_view text) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) {
    if (auto made = folder_.make(path.substr(0, slash)); !made) return made;
  }
  if (folder_.begins_with(kUnfinished, {})) {
    if (auto removed = folder_.remove(kUnfinished); !removed) return removed;
  }
  if (auto put = folder_.write(kUnfinished, text, without_umask(kPublicFile)); !put) return put;
  stale_.erase(path);
  return folder_.move(kUnfinished, path);
}

Result<void> PageFolder::finish() {
  for (const std::string& path : stale_) {
    if (auto removed = folder_.remove(path); !removed) return removed;
  }
  stale_.clear();
  return {};
}

}  // namespace tuner::os
