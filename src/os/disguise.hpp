#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "read/anonymous.hpp"

namespace tuner::os {

enum class Addresses { kept, replaced };

/// What of a host may be shown in a snapshot. Where addresses are replaced, so are the host's name,
/// its users and comments: whole words, and only in the places where they are names, for a host may
/// be called "core" or "net". The rest is what audits look at.
class Disguise {
 public:
  /// `paths` are those of all files that may be named, without a leading slash.
  Disguise(Addresses addresses, const std::string& hostname, const std::vector<std::string>& users,
           const std::vector<std::string>& paths);

  /// The path of a file in the snapshot.
  std::string path(const std::string& path);
  /// The text of a link at `path`.
  std::string link(const std::string& path, const std::string& text);
  /// The content of the file at `path`.
  std::string content(const std::string& path, const std::string& text);

  TcpSocket socket(const TcpSocket& socket);
  /// Lines of /proc/net/tcp.
  std::string lines(const std::string& text);
  /// A text with addresses, and one that is a name: of an interface, a process or a unit.
  std::string text(std::string_view text);
  std::string name(std::string_view text);

 private:
  [[nodiscard]] bool replaces() const { return addresses_ == Addresses::replaced; }
  void keep_order(const std::vector<std::string>& paths);
  std::string part(const std::string& part, std::string_view above, std::string_view before);
  std::string elsewhere(const std::string& path);
  std::string line(const std::string& path, std::string_view line);
  std::string waivers(const std::string& path, const std::string& text);

  Addresses addresses_;
  Anonymous anonymous_{};
  std::map<std::string, std::string> fragments_{};  ///< names in directories that end in ".d"
  std::map<std::string, int> elsewhere_{};          ///< directories that tell who made them
};

/// A path as it is below a root: links and ".." in `text`, which stands at `path`, are followed as
/// far as that goes without looking.
std::string path_of_link(const std::string& path, const std::string& text);

}  // namespace tuner::os
