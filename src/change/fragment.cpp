#include "change/fragment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "boot/view.hpp"
#include "knowledge/readers.hpp"
#include "model/number.hpp"
#include "read/same_value.hpp"
#include "text/joined.hpp"
#include "text/path.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

/// Vectors with tabs, as the kernel prints them: systemd writes no value whose text is in force.
std::string with_tabs(std::string_view value) {
  std::string text(value);
  std::replace(text.begin(), text.end(), ' ', '\t');
  return text;
}

/// Whether another file of that name is there: ours would hide it, or be hidden.
bool is_taken(const ConfigTree& files, std::string_view name, const ConfigFile* own) {
  for (const auto& directory : files.directories) {
    for (const ConfigFile& file : directory) {
      if (text::base_name(file.path) == name && (own == nullptr || file.path != own->path))
        return true;
    }
  }
  return false;
}

}  // namespace

std::string fragment_text(std::string_view profile, const std::vector<FragmentLine>& lines) {
  std::string text(kFragmentHeader);
  if (!profile.empty()) text.append(kForProfile).append(on_one_line(profile));
  text.append(kAnew).append("\n");
  text += "# To undo: tuner rollback. Previous values: tuner history.\n";
  for (const FragmentLine& line : lines) {
    text +=
        fmt::format("\n# {}\n{} = {}\n", on_one_line(line.why), line.key, with_tabs(line.value));
  }
  return text;
}

FragmentPlace judge_place(const std::string& path, const std::vector<FragmentLine>& lines,
                          std::string_view text, const BootMaterial& boot,
                          const HostSnapshot& host) {
  FragmentPlace place{.path = path};
  BootMaterial with = boot;
  with.files = with_file(std::move(with.files), path, text);
  const BootView view = view_boot(with, host);
  for (const FragmentLine& line : lines) {
    const BootKey* const key = view.find(line.key);
    // What boots this host first: what is lost there needs no second word.
    for (const ReaderFamily family : {view.readers.at_boot, other(view.readers.at_boot)}) {
      const BootValue* const value = key == nullptr ? nullptr : key->by(family);
      if (value != nullptr && value->value && same_sysctl(line.key, *value->value, line.value)) {
        continue;
      }
      const std::string winner = value == nullptr || value->file.empty()
                                     ? std::string("another file")
                                     : fmt::format("{}:{}", value->file, value->line);
      const std::string says = value != nullptr && value->value
                                   ? fmt::format(" says {} and", *value->value)
                                   : std::string();
      if (family == view.readers.at_boot) {
        place.lost.push_back(
            {.subject = line.key,
             .reason =
                 fmt::format("{}{} overrides any name that tuner's file could have", winner, says),
             .hint = fmt::format("Remove the line from {}, or add --allow-shadowed to set the key "
                                 "only until the next boot.",
                                 winner)});
      } else if (place.lost.empty() || place.lost.back().subject != line.key) {
        place.warnings.push_back(
            fmt::format("{}: {}{} wins where {} reads the files; it is not what boots this host.",
                        line.key, winner, says, family_name(family)));
      }
    }
  }
  return place;
}

FragmentPlace place_fragment(const std::vector<FragmentLine>& lines, std::string_view text,
                             const BootMaterial& boot, const HostSnapshot& host) {
  const ConfigFile* const own = own_fragment(boot.files);
  BootMaterial without = boot;
  std::vector<std::string> paths;
  if (own != nullptr) {
    paths.push_back(own->path);
    without.files = with_file(boot.files, own->path, {});
  }
  for (const std::string_view name : kFragmentNames) {
    if (!is_taken(boot.files, name, own))
      paths.push_back(std::string(kFragmentDirectory).append(name));
  }
  std::optional<FragmentPlace> best;
  for (const std::string& path : paths) {
    FragmentPlace place = judge_place(path, lines, text, without, host);
    if (place.lost.empty() && place.warnings.empty()) return place;
    if (!best || place.lost.size() < best->lost.size()) best = std::move(place);
  }
  if (best) return *best;
  // Not to be replaced, even where that would be allowed to lose.
  std::string others;
  for (const std::string_view name : kFragmentNames) {
    if (name != kFragmentNames.front()) others.append(others.empty() ? "" : ", ").append(name);
  }
  return {.lost = {{.subject = std::string(kFragmentDirectory).append(kFragmentNames.front()),
                    .reason = fmt::format("it is not tuner's file, and the other names that tuner "
                                          "could use are taken as well: {}",
                                          others),
                    .hint = "Rename one of them."}}};
}

std::string pending_path(const std::string& path) {
  const std::string_view name = text::base_name(path);
  const std::string_view stem = name.substr(0, name.rfind('.'));
  return std::string(kPendingDirectory).append(stem).append(kPendingEnd);
}

}  // namespace tuner
