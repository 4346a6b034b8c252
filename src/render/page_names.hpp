#pragma once

#include <map>
#include <set>
#include <string>

namespace tuner::render {

/// Where the pages of hosts are, below that of the fleet.
inline constexpr const char* kHostPages = "hosts";

/// Names for the pages of hosts: letters, digits, dots, dashes and underscores, whatever a host is
/// called, so that they are the same in a link and on every file system; and no two that differ in
/// case alone.
class PageNames {
 public:
  /// "hosts/web01.html".
  std::string next(const std::string& host);

 private:
  std::set<std::string> taken_;
  std::map<std::string, int> tries_;  ///< by the name without its number
};

}  // namespace tuner::render
