#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/tuner_file.hpp"
#include "tuner/apply.hpp"

/// Where tuner's sysctl.d file has to stand, and what is written into it.
namespace tuner {

/// The same lines are the same bytes: no date, no ID. `profile` is empty for keys that were set by
/// themselves.
std::string fragment_text(std::string_view profile, const std::vector<FragmentLine>& lines);

/// Where the file has to stand so that its lines win.
struct FragmentPlace {
  std::string path{};                   ///< empty: somebody else has all names, as `lost` says
  std::vector<Refusal> lost{};          ///< lines that the reader which boots this host overrides
  std::vector<std::string> warnings{};  ///< lines that the other one overrides
};

/// Tries the present name, 90-tuner.conf and later ones, until every line wins under both readers;
/// else the first that wins at boot; else 90-tuner.conf, with what wins instead.
FragmentPlace place_fragment(const std::vector<FragmentLine>& lines, std::string_view text,
                             const BootMaterial& boot, const HostSnapshot& host);

/// What keeps the lines from winning where the file stands under `path`.
FragmentPlace judge_place(const std::string& path, const std::vector<FragmentLine>& lines,
                          std::string_view text, const BootMaterial& boot,
                          const HostSnapshot& host);

/// The file below /run that a change waits in: it sorts behind the one in /etc.
std::string pending_path(const std::string& path);

}  // namespace tuner
