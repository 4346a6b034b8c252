#include "core/boot/pattern.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "core/boot/lines.hpp"

namespace tuner::boot {

namespace {

std::string without_escapes(std::string_view part) {
  std::string plain;
  for (std::size_t index = 0; index < part.size(); ++index) {
    if (part[index] == '\\' && index + 1 < part.size()) ++index;
    plain += part[index];
  }
  return plain;
}

/// The names right below a folder; all of them, or the one that the part spells out.
std::vector<std::string> candidates(const KernelTree& kernel, const std::string& folder,
                                    const std::string& part) {
  const std::string prefix = folder.empty() ? "" : folder + '/';
  std::vector<std::string> found;
  if (!is_pattern(part)) {
    const std::string plain = without_escapes(part);
    if (kernel.find(prefix + plain) != nullptr) found.push_back(plain);
    return found;
  }
  for (auto entry = kernel.nodes.lower_bound(prefix); entry != kernel.nodes.end(); ++entry) {
    const std::string& path = entry->first;
    if (!path.starts_with(prefix)) break;
    const std::string name = path.substr(prefix.size());
    if (name.empty() || name.find('/') != std::string::npos) continue;
    if (part_matches(part, name)) found.push_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// `found` gets what matches, spelt as the pattern is.
void walk(const KernelTree& kernel, const std::string& folder, const std::string& spelt,
          std::string_view rest, std::vector<std::string>& found) {
  const auto slashes = std::min(rest.find_first_not_of('/'), rest.size());
  const std::string begin = spelt + std::string(rest.substr(0, slashes));
  rest.remove_prefix(slashes);
  if (rest.empty()) {
    const KernelNode* const node = kernel.find(folder);
    const bool is_folder = node != nullptr && node->kind == KernelNode::Kind::folder;
    if (!folder.empty() && (slashes == 0 || is_folder)) found.push_back(begin);
    return;
  }
  const auto end = std::min(rest.find('/'), rest.size());
  for (const std::string& name : candidates(kernel, folder, std::string(rest.substr(0, end)))) {
    const std::string path = folder.empty() ? name : folder + '/' + name;
    walk(kernel, path, begin + name, rest.substr(end), found);
  }
}

}  // namespace

bool part_matches(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD | FNM_PATHNAME) == 0;
}

bool path_matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

std::vector<std::string> braces(const std::string& pattern) {
  const auto open = pattern.find('{');
  if (open == std::string::npos) return {pattern};
  int depth = 0;
  std::vector<std::string> alternatives;
  std::size_t start = open + 1;
  for (std::size_t index = open; index < pattern.size(); ++index) {
    const char character = pattern[index];
    if (character == '{') ++depth;
    const bool ends = character == '}' && --depth == 0;
    if (ends || (character == ',' && depth == 1)) {
      alternatives.push_back(pattern.substr(start, index - start));
      start = index + 1;
    }
    if (!ends) continue;
    std::vector<std::string> all;
    for (const std::string& alternative : alternatives) {
      std::string one = pattern.substr(0, open);
      one.append(alternative).append(pattern, index + 1);
      for (std::string& inner : braces(one)) all.push_back(std::move(inner));
    }
    return all;
  }
  return {pattern};
}

std::vector<std::string> matches(const KernelTree& kernel, const std::string& pattern,
                                 MatchOrder order) {
  std::vector<std::string> found;
  walk(kernel, "", "", pattern, found);
  if (order == MatchOrder::by_path) std::sort(found.begin(), found.end());
  return found;
}

}  // namespace tuner::boot
