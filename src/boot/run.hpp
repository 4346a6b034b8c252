#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/kernel_state.hpp"
#include "boot/lines.hpp"
#include "tuner/boot.hpp"

namespace tuner::boot {

/// One setting or exclusion of a file.
struct BootSetting {
  SettingLine line{};
  std::string file{};
  int number = 0;
  std::string_view comment{};  ///< see Assignment; in the text of the file

  [[nodiscard]] bool excludes() const { return line.kind == SettingLine::Kind::exclusion; }
  friend bool operator==(const BootSetting&, const BootSetting&) = default;
};

/// The files that a reader opens, in its order, with those that it complains about.
std::vector<const ConfigFile*> files_to_read(const Reader& reader, const ConfigTree& files);

/// Both fill in writes, problems and the status, from the settings of all files in their order.
void apply_as_systemd(const std::vector<BootSetting>& settings, KernelState& kernel,
                      ReaderRun& run);
void apply_as_procps(const std::vector<BootSetting>& settings, bool whole_system,
                     KernelState& kernel, ReaderRun& run);

/// What came of a try, and whether the reader fails over it.
struct Tried {
  BootWrite::Result result = BootWrite::Result::written;
  bool failure = false;
  std::string reason{};
};

/// Notes a try of a setting in the run.
void note(const BootSetting& setting, std::string path, Tried tried, ReaderRun& run);

}  // namespace tuner::boot

namespace tuner {

/// The paths below /proc/sys that any of the readers would look at, patterns among them.
std::vector<std::string> paths_of(const ConfigTree& files, std::span<const Reader* const> readers);

/// Works out what a reader would write, and what the kernel would make of it. Where a value gives
/// fewer elements than the key has, the others stay as they are in `kernel`. Pure: nothing is
/// written. `host` tells ranges and names that the kernel takes.
ReaderRun run_reader(const Reader& reader, const ConfigTree& files, const KernelTree& kernel,
                     const HostSnapshot& host);

/// Whether every measured version of a family makes the same of the files, so that it does not
/// matter which one is installed.
bool versions_agree(const ConfigTree& files, ReaderFamily family);

}  // namespace tuner
