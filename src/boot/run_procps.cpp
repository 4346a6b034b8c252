#include <algorithm>
#include <optional>

#include "boot/pattern.hpp"
#include "boot/run.hpp"

namespace tuner::boot {

namespace {

using Result = BootWrite::Result;

/// Where a path leads that is opened below /proc/sys.
struct Place {
  bool outside = false;  ///< above /proc/sys, or /proc/sys itself
  bool exists = false;
  std::string path{};
};

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

Place resolve(const KernelState& kernel, const std::string& spelt) {
  Place place{.exists = true};
  std::vector<std::string> parts;
  std::string_view rest = spelt;
  bool directory_wanted = false;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string part(rest.substr(0, end));
    directory_wanted = end < rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return {.outside = true};
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
    place.path.clear();
    for (const std::string& one : parts) {
      if (!place.path.empty()) place.path += '/';
      place.path += one;
    }
    const KernelNode* const node = kernel.find(place.path);
    const bool is_file = node != nullptr && node->kind == KernelNode::Kind::file;
    const bool top = place.path.empty();
    const bool missing = !top && node == nullptr && kernel.tree().knows(place.path);
    if (missing || (is_file && directory_wanted)) {
      for (const std::string& one : parts_of(rest)) place.path += '/' + one;
      return {.path = place.path};
    }
  }
  place.outside = place.path.empty();
  return place;
}

bool is_kept_out(const std::vector<BootSetting>& settings, const std::string& path,
                 const Reader& reader) {
  return std::any_of(settings.begin(), settings.end(), [&](const BootSetting& setting) {
    if (setting.line.path == path) return true;
    return reader.exclusion_patterns && setting.excludes() && path_matches(setting.line.path, path);
  });
}

Tried write(const Place& place, const BootSetting& setting, const Reader& reader, bool whole_system,
            KernelState& kernel) {
  if (place.outside) return {Result::outside, true, "it is not below /proc/sys"};
  // --system ignores keys that are not there; so says -e, and nothing else does.
  if (!place.exists) return {Result::absent, !whole_system, {}};
  const KernelNode* const node = kernel.find(place.path);
  const bool fails = reader.fails_on_not_writable;
  if (node != nullptr && !node->writable) return {Result::not_permitted, fails, {}};
  if (node != nullptr && node->kind == KernelNode::Kind::directory) {
    return {Result::directory, fails, {}};
  }
  if (!kernel.tree().writable) {
    return {Result::not_permitted, !setting.line.ignore_failure, {}};
  }
  auto answer = kernel.write(place.path, setting.line.value, KernelState::Rest::lost);
  if (answer.taken) return {};
  const bool covered = setting.line.ignore_failure && reader.dash_covers_refusal;
  return {Result::refused, !covered, std::move(answer.reason)};
}

}  // namespace

void apply_as_procps(const std::vector<BootSetting>& settings, bool whole_system,
                     KernelState& kernel, ReaderRun& run) {
  const Reader& reader = *run.reader;
  const auto apply = [&](const BootSetting& setting, const std::string& spelt) {
    const Place place = resolve(kernel, spelt);
    note(setting, place.path.empty() ? spelt : place.path,
         write(place, setting, reader, whole_system, kernel), run);
  };
  for (const BootSetting& setting : settings) {
    if (setting.excludes()) continue;
    const std::string& path = setting.line.path;
    if (!is_pattern(path) || !kernel.tree().knows(path)) {
      apply(setting, path);
      continue;
    }
    for (const std::string& match : matches(kernel.tree(), path, MatchOrder::by_path)) {
      if (!is_kept_out(settings, match, reader)) apply(setting, match);
    }
  }
}

}  // namespace tuner::boot
