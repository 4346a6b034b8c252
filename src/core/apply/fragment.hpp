#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/apply.hpp"

/// The sysctl.d file that tuner writes: comments on lines of their own and plain assignments, the
/// form that all measured readers take alike.
namespace tuner {

inline constexpr std::string_view kFragmentHeader = "# Written by tuner";

/// Whether a file is what a change that waits for a confirmation put below /run: it is gone after a
/// boot, so no view of the next one has it.
bool is_pending_fragment(const ConfigFile& file);

struct FragmentLine {
  std::string key{};
  std::string value{};
  std::string why{};
};

/// The same lines are the same bytes: no date, no ID. `profile` is empty for keys that were set by
/// themselves.
std::string fragment_text(std::string_view profile, const std::vector<FragmentLine>& lines);

/// The profile that a text of fragment_text() names; empty for none.
std::string_view fragment_profile(std::string_view text);

/// The assignments of a text that fragment_text() made.
std::vector<FragmentLine> fragment_lines(std::string_view text);

/// The keys that a change gives up: they had a line in tuner's file, and have none in the new one.
std::set<std::string> dropped_keys(const std::vector<Step>& steps);

/// By key, what a change that waits for a confirmation set; empty where none does.
std::map<std::string, std::string> waiting_values(const ConfigTree& files);

/// Whether a path is one of those that tuner's file can have.
bool is_fragment_path(std::string_view path);

/// tuner's file below /etc/sysctl.d; null where there is none.
const ConfigFile* own_fragment(const ConfigTree& files);

/// The tree with a file in place of one of the same path; without it where `text` is empty.
ConfigTree with_file(ConfigTree files, const std::string& path, std::string_view text);

/// The tree as the next boot finds it.
ConfigTree without_run(ConfigTree files);

/// `text` in one line: what is written into a comment must not end it.
std::string on_one_line(std::string_view text);

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
