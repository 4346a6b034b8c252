#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "judge/reading.hpp"
#include "os/file_source.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "tuner/fact.hpp"
#include "tuner/reading.hpp"
#include "tuner/report.hpp"
#include "tuner/snapshot.hpp"

/// A captured host with files of a stranger over its own.
namespace tuner::fuzz {

inline constexpr const char* kHost = TUNER_SOURCE_DIR "/tests/hosts/debian12-6.1-x86_64-1g";

using Files = std::map<std::string, std::string>;

class Overlaid : public os::FileSource {
 public:
  explicit Overlaid(const Files& files) : files_(files) {}

  Observed<std::string> read(const std::string& path) override {
    if (const auto found = files_.find(path); found != files_.end()) return found->second;
    static std::map<std::string, Observed<std::string>> known;  // the disk is slower than rules
    const auto before = known.find(path);
    if (before != known.end()) return before->second;
    return known.emplace(path, root().read(path)).first->second;
  }
  Observed<std::vector<std::string>> list(const std::string& directory) override {
    auto names = root().list(directory);
    const std::string prefix = directory.ends_with('/') ? directory : directory + '/';
    for (const auto& [path, text] : files_) {
      if (!path.starts_with(prefix)) continue;
      if (!names) names.emplace();
      names->push_back(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
    }
    return names;
  }
  Observed<os::FileStatus> status(const std::string& path) override {
    if (files_.contains(path)) return os::FileStatus{};
    return root().status(path);
  }
  bool is_read_only(const std::string& path) override { return root().is_read_only(path); }
  Observed<std::string> link(const std::string& path) override { return root().link(path); }

 private:
  static os::RootDirectory& root() {
    static os::RootDirectory opened = os::RootDirectory::open(kHost).value();
    return opened;
  }

  const Files& files_;
};

/// "== PATH" begins a file; what is before the first is left out.
inline Files files_in(std::string_view text) {
  constexpr std::string_view kMark = "== ";
  Files files;
  std::string* content = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const bool whole = end < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kMark)) {
      content = &files[std::string(line.substr(kMark.size()))];
    } else if (content != nullptr) {
      content->append(line).append(whole ? "\n" : "");
    }
  }
  return files;
}

inline HostSnapshot read_tree(const Files& files) {
  static const std::vector<std::string> keys = reading_for(nullptr).keys;
  Overlaid overlaid(files);
  return os::read_host(overlaid, kHost, std::nullopt,
                       {.keys = keys, .sockets = Reading::Sockets::survey, .evidence = true});
}

}  // namespace tuner::fuzz
