#include "boot/pattern.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <climits>

#include "boot/lines.hpp"

namespace tuner::boot {

namespace {

constexpr auto kDirectory = KernelNode::Kind::directory;

std::string without_escapes(std::string_view part) {
  std::string plain;
  for (std::size_t index = 0; index < part.size(); ++index) {
    if (part[index] == '\\' && index + 1 < part.size()) ++index;
    plain += part[index];
  }
  return plain;
}

/// The names right below a directory; all of them, or the one that the part spells out.
std::vector<std::string> candidates(const KernelTree& kernel, const std::string& directory,
                                    const std::string& part) {
  const std::string prefix = directory.empty() ? "" : directory + '/';
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

/// A walk down /proc/sys along a pattern; what matches is spelt as the pattern is.
struct Walk {
  const KernelTree& kernel;
  /// Behind a slash at the end glob(3) leaves out files that a pattern found, and keeps those that
  /// the last part spells out.
  bool files_before_slash;
  std::vector<std::string> found{};

  void go(const std::string& directory, const std::string& spelt, std::string_view rest) {
    const auto slashes = std::min(rest.find_first_not_of('/'), rest.size());
    const std::string_view separators = rest.substr(0, slashes);
    rest.remove_prefix(slashes);
    const KernelNode* const here = kernel.find(directory);
    const bool is_directory = directory.empty() || (here != nullptr && here->kind == kDirectory);
    if (rest.empty()) {
      const bool fits = slashes == 0 || is_directory || files_before_slash;
      if (fits && !spelt.empty())
        found.push_back(slashes > 0 && is_directory ? spelt + '/' : spelt);
      return;
    }
    if (!is_directory) return;
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string part(rest.substr(0, end));
    const std::string begin = spelt + std::string(separators);
    if (part == "." || part == "..") {
      return go(part == "." ? directory : parent_of(directory), begin + part, rest.substr(end));
    }
    for (const std::string& name : candidates(kernel, directory, part)) {
      std::string below = directory;
      if (!below.empty()) below += '/';
      below += name;
      go(below, begin + name, rest.substr(end));
    }
  }
};

/// Where the first brace opens that no backslash stands before.
std::size_t unescaped_brace(const std::string& pattern) {
  for (std::size_t index = 0; index < pattern.size(); ++index) {
    if (pattern[index] == '\\') {
      ++index;
    } else if (pattern[index] == '{') {
      return index;
    }
  }
  return std::string::npos;
}

/// The pattern with each alternative of its first brace; none where it has no brace that closes.
std::vector<std::string> first_alternatives(const std::string& pattern) {
  const auto open = unescaped_brace(pattern);
  if (open == std::string::npos) return {};
  std::vector<std::string> alternatives;
  int depth = 0;
  std::size_t start = open + 1;
  for (std::size_t index = open; index < pattern.size(); ++index) {
    const char character = pattern[index];
    if (character == '\\') {
      ++index;
      continue;
    }
    if (character == '{') ++depth;
    const bool ends = character == '}' && --depth == 0;
    if (ends || (character == ',' && depth == 1)) {
      alternatives.push_back(pattern.substr(start, index - start));
      start = index + 1;
    }
    if (!ends) continue;
    for (std::string& alternative : alternatives) {
      alternative.insert(0, pattern, 0, open);
      alternative.append(pattern, index + 1);
    }
    return alternatives;
  }
  return {};
}

}  // namespace

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

bool part_matches(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD | FNM_PATHNAME) == 0;
}

bool path_matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

std::vector<std::string> braces(const std::string& pattern) {
  // What is longer than a path can be matches nothing; kMost bounds what one line can cost.
  constexpr std::size_t kLongestPath = PATH_MAX;
  constexpr std::size_t kMost = 1024;
  if (pattern.size() > kLongestPath) return {pattern};
  std::vector<std::string> waiting{pattern};
  std::vector<std::string> plain;
  while (!waiting.empty() && plain.size() < kMost) {
    const std::string one = std::move(waiting.back());
    waiting.pop_back();
    auto alternatives = first_alternatives(one);
    if (alternatives.empty()) plain.push_back(one);
    std::move(alternatives.rbegin(), alternatives.rend(), std::back_inserter(waiting));
  }
  return plain;
}

std::vector<std::string> matches(const KernelTree& kernel, const std::string& pattern,
                                 MatchOrder order) {
  const auto last = pattern.substr(0, pattern.find_last_not_of('/') + 1);
  Walk walk{.kernel = kernel, .files_before_slash = !is_pattern(last.substr(last.rfind('/') + 1))};
  walk.go("", "", pattern);
  if (order == MatchOrder::by_path) std::sort(walk.found.begin(), walk.found.end());
  return std::move(walk.found);
}

}  // namespace tuner::boot
