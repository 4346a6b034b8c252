#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "knowledge/facts.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "tuner/fact.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::test {

/// The trees under tests/hosts: what seven kernels printed.
inline const std::vector<std::string> kHosts = {
    "debian-sid-7.2-x86_64-4g",          "debian11-5.10-x86_64-1g",
    "debian12-6.1-ppc64le-2g-64k-pages", "debian12-6.1-x86_64-1g",
    "debian13-6.12-x86_64-4g",           "linux-6.18-x86_64-24g",
    "linux-6.18-x86_64-24g-child-netns",
};

inline std::string host_path(const std::string& name) {
  return std::string(TUNER_SOURCE_DIR "/tests/hosts/") + name;
}

/// Files in memory over those of a captured host. Each read of an overlaid file takes the next of
/// its contents; the last one stays.
class OverlaidFiles : public os::FileSource {
 public:
  explicit OverlaidFiles(const std::string& host)
      : below_(os::RootDirectory::open(host_path(host)).value()) {}

  void set(const std::string& path, std::vector<Observed<std::string>> contents) {
    overlay_.insert_or_assign(path, std::pair{std::size_t{0}, std::move(contents)});
  }

  Observed<std::string> read(const std::string& path) override {
    const auto found = overlay_.find(path);
    if (found == overlay_.end()) return below_.read(path);
    auto& [next, contents] = found->second;
    const std::size_t index = next;
    if (next + 1 < contents.size()) ++next;
    return contents[index];
  }

  Observed<std::vector<std::string>> list(const std::string& directory) override {
    auto names = below_.list(directory);
    const std::string prefix = directory + '/';
    for (const auto& [path, contents] : overlay_) {
      if (!path.starts_with(prefix)) continue;
      if (!names) names.emplace();
      const std::string rest = path.substr(prefix.size());
      names->push_back(rest.substr(0, rest.find('/')));
    }
    return names;
  }

  Observed<os::FileStatus> status(const std::string& path) override {
    if (const auto found = overlay_.find(path); found != overlay_.end()) {
      const auto& content = found->second.second.front();
      if (!content) return tl::unexpected(content.error());
      return os::FileStatus{};
    }
    return below_.status(path);
  }

  bool is_read_only(const std::string& path) override { return below_.is_read_only(path); }
  Observed<std::string> link(const std::string& path) override { return below_.link(path); }

 private:
  os::RootDirectory below_;
  std::map<std::string, std::pair<std::size_t, std::vector<Observed<std::string>>>> overlay_;
};

/// The keys of all facts that stand for one file.
inline std::vector<std::string> keys_of_facts() {
  std::vector<std::string> keys;
  for (const Fact* const fact : all_facts()) {
    if (fact->scope == Scope::process || fact->key.find('*') != std::string_view::npos) continue;
    keys.emplace_back(fact->key);
  }
  return keys;
}

inline HostSnapshot read_captured(os::FileSource& files, const std::string& name) {
  return os::read_host(
      files, host_path(name), std::nullopt,
      {.keys = keys_of_facts(), .sockets = Reading::Sockets::survey, .evidence = true});
}

inline HostSnapshot read_captured(const std::string& name) {
  OverlaidFiles files(name);
  return read_captured(files, name);
}

}  // namespace tuner::test
