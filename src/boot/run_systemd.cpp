#include <algorithm>
#include <map>
#include <optional>

#include "boot/pattern.hpp"
#include "boot/run.hpp"

namespace tuner::boot {

namespace {

using Result = BootWrite::Result;

/// Settings by path, in the order in which they were first given their present value. Values that
/// were overruled stay behind as empty places.
class Options {
 public:
  void put(const BootSetting& setting) {
    const auto found = places_.find(setting.line.path);
    if (found != places_.end()) {
      BootSetting& known = *options_[found->second];
      if (known.excludes() == setting.excludes() && known.line.value == setting.line.value) {
        known.line.ignore_failure |= setting.line.ignore_failure;
        // The place is the first one's; the later line is the one that decides.
        known.file = setting.file;
        known.number = setting.number;
        return;
      }
      options_[found->second].reset();
    }
    places_[setting.line.path] = options_.size();
    options_.emplace_back(setting);
  }

  [[nodiscard]] bool contains(const std::string& path) const { return places_.contains(path); }
  [[nodiscard]] const std::vector<std::optional<BootSetting>>& all() const { return options_; }

 private:
  std::vector<std::optional<BootSetting>> options_;
  std::map<std::string, std::size_t> places_;
};

/// path_is_normalized(): no ".." as a part, and no part that no file can have as its name.
bool is_normalized(std::string_view path) {
  constexpr std::size_t kLongestName = 255;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (part == ".." || part.size() > kLongestName) return false;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return true;
}

/// Whether something before the last part is a file: then open(2) says ENOTDIR, not ENOENT.
bool leads_through_a_file(const KernelState& kernel, const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const KernelNode* const node = kernel.find(path.substr(0, slash));
    if (node != nullptr && node->kind == KernelNode::Kind::file) return true;
  }
  return false;
}

Tried write(const std::string& path, const std::string& text, KernelState& kernel) {
  if (!is_normalized(path)) return {Result::outside, true, "\"..\" and long names are refused"};
  if (path.empty() || path == "/" || path == ".") return {Result::outside, true, {}};
  const KernelNode* const node = kernel.find(path);
  if (node == nullptr && kernel.tree().knows(path)) {
    return {Result::absent, leads_through_a_file(kernel, path), {}};
  }
  if (node != nullptr) {
    if (node->kind == KernelNode::Kind::directory) return {Result::directory, true, {}};
    if (!node->readable || !node->writable || !kernel.tree().writable) {
      return {Result::not_permitted, false, {}};
    }
    if (node->text) {
      const std::string& present = *node->text;
      if (present.substr(0, present.find_last_not_of("\n\r") + 1) == text) {
        return {Result::unchanged, false, {}};
      }
    }
  }
  auto answer = kernel.write(path, text, KernelState::Rest::written);
  if (answer.taken) return {};
  return {Result::refused, !answer.no_such_name && !answer.not_allowed, std::move(answer.reason)};
}

void apply_to(const BootSetting& setting, const std::string& path, KernelState& kernel,
              ReaderRun& run) {
  Tried tried = write(path, setting.line.value, kernel);
  tried.failure = tried.failure && !setting.line.ignore_failure;
  note(setting, path, std::move(tried), run);
}

std::vector<std::string> expand(const std::string& path, const Reader& reader,
                                const KernelTree& kernel) {
  if (!reader.braces_in_globs) return matches(kernel, path, MatchOrder::by_directory);
  std::vector<std::string> all;
  for (const std::string& one : braces(path)) {
    for (std::string& match : matches(kernel, one, MatchOrder::by_directory)) {
      all.push_back(std::move(match));
    }
  }
  return all;
}

}  // namespace

void apply_as_systemd(const std::vector<BootSetting>& settings, KernelState& kernel,
                      ReaderRun& run) {
  Options options;
  for (const BootSetting& setting : settings) options.put(setting);
  for (const auto& option : options.all()) {
    if (!option || option->excludes()) continue;
    const std::string& path = option->line.path;
    if (!is_pattern(path) || !kernel.tree().knows(path)) {
      apply_to(*option, path, kernel, run);
      continue;
    }
    for (const std::string& match : expand(path, *run.reader, kernel.tree())) {
      if (!options.contains(match)) apply_to(*option, match, kernel, run);
    }
  }
}

}  // namespace tuner::boot
