#include "os/page_directory.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace tuner::os {

namespace {

constexpr unsigned kPublicDirectory = 0755;
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

Result<PageDirectory> PageDirectory::open(const std::string& given, std::string_view head,
                                          const std::string& below) {
  auto directory = FilledDirectory::claim(given, kPublicDirectory);
  if (!directory) return tl::unexpected(directory.error());
  PageDirectory pages(std::move(*directory));
  auto looked = pages.look(below, head);
  if (!looked) return tl::unexpected(looked.error());
  return pages;
}

Result<void> PageDirectory::look(const std::string& below, std::string_view head) {
  const auto names = directory_.names(".");
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name == kUnfinished || name == below) continue;
    if (auto taken = take_in(name, head); !taken) return taken;
  }
  if (std::find(names->begin(), names->end(), below) == names->end()) return {};
  const auto inner = directory_.names(below);
  if (!inner) return tl::unexpected(inner.error());
  for (const std::string& name : *inner) {
    std::string path = below;
    path.append("/").append(name);
    if (auto taken = take_in(path, head); !taken) return taken;
  }
  return {};
}

Result<void> PageDirectory::take_in(const std::string& path, std::string_view head) {
  const auto page = directory_.begins_with(path, head);
  if (!page) return tl::unexpected(page.error());
  if (!*page) {
    return fail({.subject = directory_.path(),
                 .detail = "it holds \"" + path + "\", which was not written by tuner fleet",
                 .hint = "Give a directory that does not exist yet."});
  }
  stale_.insert(path);
  return {};
}

Result<void> PageDirectory::write(const std::string& path, std::string_view text) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos) {
    if (auto made = directory_.make(path.substr(0, slash)); !made) return made;
  }
  if (directory_.begins_with(kUnfinished, {})) {
    if (auto removed = directory_.remove(kUnfinished); !removed) return removed;
  }
  if (auto put = directory_.write(kUnfinished, text, without_umask(kPublicFile)); !put) return put;
  stale_.erase(path);
  return directory_.move(kUnfinished, path);
}

Result<void> PageDirectory::finish() {
  for (const std::string& path : stale_) {
    if (auto removed = directory_.remove(path); !removed) return removed;
  }
  stale_.clear();
  return {};
}

}  // namespace tuner::os
