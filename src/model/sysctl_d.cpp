#include "tuner/sysctl_d.hpp"

#include "tuner/sysctl.hpp"

#include <algorithm>

namespace tuner {

const KernelNode* KernelTree::find(std::string_view path) const {
  const auto found = nodes.find(path);
  return found == nodes.end() ? nullptr : &found->second;
}

bool KernelTree::knows(std::string_view path) const {
  if (extent == Extent::all) return true;
  // What is not below net/ may have been left out of a captured tree.
  const std::string_view top = path.substr(0, path.find('/'));
  return (extent == Extent::network && top == "net") || !is_top_directory(top);
}

std::vector<std::string> ConfigTree::unreadable() const {
  std::vector<std::string> result = unread;
  const auto look = [&result](const ConfigFile& file) {
    if (file.kind == ConfigFile::Kind::unreadable) {
      result.push_back(file.path + " is " + file.problem);
    }
  };
  for (const auto& directory : directories) std::for_each(directory.begin(), directory.end(), look);
  if (sysctl_conf) look(*sysctl_conf);
  if (!given) return result;
  std::for_each(given->to_procps.begin(), given->to_procps.end(), look);
  std::for_each(given->to_systemd.begin(), given->to_systemd.end(), look);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace tuner
