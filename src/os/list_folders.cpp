#include "os/list_folders.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace tuner::os {

Result<std::vector<std::string>> list_folders(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> names;
  for (auto entry = fs::directory_iterator(path, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && entry->is_directory(unknown)) names.push_back(name);
  }
  if (error) {
    const bool denied = error == std::errc::permission_denied;
    return fail({.kind = denied ? ErrorKind::permission : ErrorKind::failure,
                 .subject = path,
                 .detail = error.message(),
                 .way_out = "Give a folder that holds a snapshot of each host."});
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tuner::os
