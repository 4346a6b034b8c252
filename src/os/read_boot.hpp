#pragma once

#include <string>
#include <vector>

#include "os/read_sysctl_d.hpp"
#include "tuner/boot.hpp"
#include "tuner/reading.hpp"

namespace tuner::os {

/// What is asked of the sysctl files, beside what the host tells.
struct BootRequest {
  const Reader* systemd = nullptr;   ///< instead of the installed version; null for that
  const Reader* procps = nullptr;    ///< the same
  std::vector<std::string> files{};  ///< these alone, as arguments of the readers; empty: all
  std::string directory = "/";       ///< where relative ones begin, as the root sees it
  /// Whether to look up what is installed even where all versions read these files alike.
  enum class Versions { where_they_matter, always };
  Versions versions = Versions::where_they_matter;
};

/// What the sysctl files of a host come to, and what it takes to judge that. Neither the files nor
/// a proc/sys need to be there.
class BootFiles {
 public:
  BootFiles(FileSource& files, Kernel kernel, const BootRequest& request);

  /// What has to be read of the host before the view.
  [[nodiscard]] Reading reading() const;

  [[nodiscard]] BootView view(const HostSnapshot& host);

  /// What a view is made of, with these paths below /proc/sys too.
  [[nodiscard]] BootMaterial material(const std::vector<std::string>& more);

 private:
  void choose_readers(const BootRequest& request);

  FileSource& files_;
  Kernel kernel_;
  InstalledReaders readers_{};
  ConfigTree tree_{};
  std::vector<std::string> paths_{};  ///< what the files name below /proc/sys
};

}  // namespace tuner::os
