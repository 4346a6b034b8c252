#include "core/apply/fragment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/apply/same_value.hpp"
#include "core/parse/number.hpp"
#include "core/text/joined.hpp"
#include "core/text/path.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

constexpr std::string_view kForProfile = " for the profile ";
constexpr std::string_view kAnew = ". The next apply writes it anew.";
constexpr std::string_view kEtc = "/etc/sysctl.d/";
constexpr std::string_view kRun = "/run/sysctl.d/";
constexpr std::string_view kPendingEnd = "_pending.conf";
constexpr std::array<std::string_view, 4> kFragmentNames = {"90-tuner.conf", "99-tuner.conf",
                                                            "99-zz-tuner.conf", "zz-tuner.conf"};

/// Vectors with tabs, as the kernel prints them: systemd writes no value whose text is in force.
std::string with_tabs(std::string_view value) {
  std::string text(value);
  std::replace(text.begin(), text.end(), ' ', '\t');
  return text;
}

/// Whether another file of that name is there: ours would hide it, or be hidden.
bool is_taken(const ConfigTree& files, std::string_view name, const ConfigFile* own) {
  for (const auto& folder : files.folders) {
    for (const ConfigFile& file : folder) {
      if (text::base_name(file.path) == name && (own == nullptr || file.path != own->path))
        return true;
    }
  }
  return false;
}

}  // namespace

bool is_pending_fragment(const ConfigFile& file) {
  return file.path.starts_with(kRun) && file.path.ends_with(kPendingEnd) &&
         file.text.starts_with(kFragmentHeader);
}

std::string on_one_line(std::string_view text) {
  const auto words = parse::words(text);
  return text::joined(words, " ");
}

ConfigTree without_run(ConfigTree files) {
  for (std::size_t index = 0; index < kSysctlFolders.size(); ++index) {
    if (kRun.starts_with(kSysctlFolders.at(index))) files.folders.at(index).clear();
  }
  return files;
}

std::string_view fragment_profile(std::string_view text) {
  if (!text.starts_with(kFragmentHeader)) return {};
  text.remove_prefix(kFragmentHeader.size());
  const auto end = text.find(kAnew);
  if (!text.starts_with(kForProfile) || end == std::string_view::npos) return {};
  return text.substr(kForProfile.size(), end - kForProfile.size());
}

std::string fragment_text(std::string_view profile, const std::vector<FragmentLine>& lines) {
  std::string text(kFragmentHeader);
  if (!profile.empty()) text.append(kForProfile).append(on_one_line(profile));
  text.append(kAnew).append("\n");
  text += "# To take it back: tuner rollback. What was there before: tuner history.\n";
  for (const FragmentLine& line : lines) {
    text +=
        fmt::format("\n# {}\n{} = {}\n", on_one_line(line.why), line.key, with_tabs(line.value));
  }
  return text;
}

std::vector<FragmentLine> fragment_lines(std::string_view text) {
  std::vector<FragmentLine> lines;
  std::string why;
  for (const std::string_view line : parse::lines(text)) {
    const auto equals = line.find(" =");
    if (line.starts_with("# ")) {
      why = line.substr(2);
    } else if (equals != std::string_view::npos) {
      lines.push_back({.key = std::string(line.substr(0, equals)),
                       .value = on_one_line(line.substr(equals + 2)),
                       .why = why});
    }
  }
  return lines;
}

std::set<std::string> dropped_keys(const std::vector<Step>& steps) {
  std::set<std::string> dropped;
  for (const Step& step : steps) {
    const bool ours = step.part == Step::Part::keep && is_fragment_path(step.target);
    if (!ours || !step.original) continue;
    for (FragmentLine& line : fragment_lines(*step.original)) dropped.insert(std::move(line.key));
  }
  for (const Step& step : steps) {
    const bool ours = step.part == Step::Part::keep && is_fragment_path(step.target);
    if (!ours || !step.wanted) continue;
    for (const FragmentLine& line : fragment_lines(*step.wanted)) dropped.erase(line.key);
  }
  return dropped;
}

std::map<std::string, std::string> waiting_values(const ConfigTree& files) {
  std::map<std::string, std::string> values;
  if (!files.pending) return values;
  for (FragmentLine& line : fragment_lines(files.pending->text)) {
    values[line.key] = std::move(line.value);
  }
  return values;
}

bool is_fragment_path(std::string_view path) {
  return path.starts_with(kEtc) && std::find(kFragmentNames.begin(), kFragmentNames.end(),
                                             text::base_name(path)) != kFragmentNames.end();
}

const ConfigFile* own_fragment(const ConfigTree& files) {
  const auto& folder = files.folders.front();
  // What apply --export wrote begins alike, and lies there under a name of its own.
  const auto found = std::find_if(folder.begin(), folder.end(), [](const ConfigFile& file) {
    return file.kind == ConfigFile::Kind::regular && file.text.starts_with(kFragmentHeader) &&
           is_fragment_path(file.path);
  });
  return found == folder.end() ? nullptr : &*found;
}

ConfigTree with_file(ConfigTree files, const std::string& path, std::string_view text) {
  for (std::size_t index = 0; index < kSysctlFolders.size(); ++index) {
    if (!path.starts_with(std::string(kSysctlFolders.at(index)) + '/')) continue;
    auto& folder = files.folders.at(index);
    std::erase_if(folder, [&path](const ConfigFile& file) { return file.path == path; });
    if (!text.empty()) folder.push_back({.path = path, .text = std::string(text)});
  }
  return files;
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
             .reason = fmt::format("{}{} wins over every name that tuner's file could have", winner,
                                   says),
             .way_out = fmt::format("Take the line out of {}, or add --allow-shadowed to set the "
                                    "key until the next boot only.",
                                    winner)});
      } else if (place.lost.empty() || place.lost.back().subject != line.key) {
        place.warnings.push_back(
            fmt::format("{}: {}{} wins where {} reads the files; it is not what boots this host.",
                        line.key, winner, says, name_of(family)));
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
    if (!is_taken(boot.files, name, own)) paths.push_back(std::string(kEtc).append(name));
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
  return {.lost = {{.subject = std::string(kEtc).append(kFragmentNames.front()),
                    .reason = fmt::format("it is not tuner's file, and the other names that "
                                          "tuner could use are taken too: {}",
                                          others),
                    .way_out = "Give one of them another name."}}};
}

std::string pending_path(const std::string& path) {
  const std::string_view name = text::base_name(path);
  const std::string_view stem = name.substr(0, name.rfind('.'));
  return std::string(kRun).append(stem).append(kPendingEnd);
}

}  // namespace tuner
