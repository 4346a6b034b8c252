#include "boot/tuner_file.hpp"

#include <algorithm>

#include "model/number.hpp"
#include "text/joined.hpp"
#include "text/path.hpp"

namespace tuner {

bool is_pending_fragment(const ConfigFile& file) {
  return file.path.starts_with(kPendingDirectory) && file.path.ends_with(kPendingEnd) &&
         file.text.starts_with(kFragmentHeader);
}

std::string on_one_line(std::string_view text) {
  const auto words = parse::words(text);
  return text::joined(words, " ");
}

ConfigTree without_run(ConfigTree files) {
  for (std::size_t index = 0; index < kSysctlDirectories.size(); ++index) {
    if (kPendingDirectory.starts_with(kSysctlDirectories.at(index)))
      files.directories.at(index).clear();
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
  return path.starts_with(kFragmentDirectory) &&
         std::find(kFragmentNames.begin(), kFragmentNames.end(), text::base_name(path)) !=
             kFragmentNames.end();
}

const ConfigFile* own_fragment(const ConfigTree& files) {
  const auto& directory = files.directories.front();
  // What apply --export wrote begins alike, and lies there under a name of its own.
  const auto found = std::find_if(directory.begin(), directory.end(), [](const ConfigFile& file) {
    return file.kind == ConfigFile::Kind::regular && file.text.starts_with(kFragmentHeader) &&
           is_fragment_path(file.path);
  });
  return found == directory.end() ? nullptr : &*found;
}

ConfigTree with_file(ConfigTree files, const std::string& path, std::string_view text) {
  for (std::size_t index = 0; index < kSysctlDirectories.size(); ++index) {
    if (!path.starts_with(std::string(kSysctlDirectories.at(index)) + '/')) continue;
    auto& directory = files.directories.at(index);
    std::erase_if(directory, [&path](const ConfigFile& file) { return file.path == path; });
    if (!text.empty()) directory.push_back({.path = path, .text = std::string(text)});
  }
  return files;
}

}  // namespace tuner
