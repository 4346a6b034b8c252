#include "os/lint_files.hpp"

#include <unistd.h>

#include <algorithm>

#include "os/files.hpp"
#include "os/read_boot.hpp"
#include "os/walk.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

class PathLinter {
 public:
  PathLinter(RootDirectory& root, const HostSnapshot& target, const TakeLint& take)
      : root_(root), linter_(target), take_(take) {}

  void lint(const std::string& path, const std::string& directory) {
    if (path == "-") {
      const auto text = read_all(STDIN_FILENO, "standard input");
      return text ? judge("-", *text) : unreadable_.push_back(text.error());
    }
    const bool relative = !path.starts_with('/');
    const std::string prefix = relative ? directory + '/' : std::string();
    std::string start = (prefix + path).substr(1);
    const bool top = start.find_first_not_of('/') == std::string::npos;
    if (top) start = ".";
    // Shown as the user wrote it.
    const auto shown = [&](const std::string& below) {
      const std::string rest = below.substr(std::min(start.size(), below.size()));
      return path + (path.ends_with('/') && rest.starts_with('/') ? rest.substr(1) : rest);
    };
    const long before = files_;
    const auto failures = unreadable_.size();
    walk_config(
        root_, start,
        [&](const std::string& below) {
          read(below, shown(below), below == start ? FoundBy::user : FoundBy::directory);
        },
        [&](Error error) {
          error.subject = shown(error.subject);
          unreadable_.push_back(std::move(error));
        });
    if (files_ > before || unreadable_.size() > failures) return;
    unreadable_.push_back({.subject = path,
                           .detail = "contains no *.conf file",
                           .hint = "Give the files themselves."});
  }

  std::vector<Error> unreadable() && { return std::move(unreadable_); }

 private:
  void read(const std::string& below, const std::string& shown, FoundBy found_by) {
    const auto text = found_by == FoundBy::user ? root_.read_named(below) : root_.read(below);
    if (text) return judge(shown, *text);
    const Unread& why = text.error();
    const bool denied = why.why == Unread::Why::not_permitted;
    unreadable_.push_back(
        {.kind = denied ? ErrorKind::permission : ErrorKind::failure,
         .subject = shown,
         .detail = why.detail.empty() ? "it is " + unread_text(why) : why.detail,
         .hint = denied ? "Run as a user who may read it." : "Give a readable file."});
  }

  void judge(const std::string& shown, std::string_view text) {
    ++files_;
    take_(shown, linter_.lint(text));
  }

  RootDirectory& root_;
  Linter linter_;
  const TakeLint& take_;
  long files_ = 0;
  std::vector<Error> unreadable_{};
};

}  // namespace

std::vector<Error> lint_paths(RootDirectory& root, const HostSnapshot& target,
                              const std::vector<std::string>& paths, const std::string& directory,
                              const TakeLint& take) {
  PathLinter linter(root, target, take);
  for (const std::string& path : paths) linter.lint(path, directory);
  return std::move(linter).unreadable();
}

std::vector<Error> lint_host_files(RootDirectory& root, const HostSnapshot& target,
                                   const TakeLint& take) {
  BootFiles files(root, root.kernel(), {});
  const BootView view = files.view(target);
  auto overruled = overruled_lines(view);
  Linter linter(target);
  std::vector<std::string> seen;
  for (const ReaderRun& run : view.runs) {
    for (const std::string& file : run.files) {
      if (std::find(seen.begin(), seen.end(), file) != seen.end()) continue;
      seen.push_back(file);
      const auto text = root.read(file.substr(1));
      if (!text) continue;  // a directory, or a link to nothing: tuner boot says so
      LintResult result = linter.lint(*text, std::move(overruled[file]));
      fit_to_host(view, file, result);
      take(file, result);
    }
  }
  std::vector<Error> unreadable;
  for (const std::string& file : view.unreadable) {
    unreadable.push_back({.kind = ErrorKind::permission, .subject = file, .detail = "skipped"});
  }
  return unreadable;
}

}  // namespace tuner::os
