#include "boot/run.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "boot/pattern.hpp"
#include "knowledge/readers.hpp"
#include "text/path.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace boot {

namespace {

/// procps opens a name through glob(3): "[a].conf" opens a.conf beside it, where there is one.
void add_as_glob(const ConfigFile& file, const ConfigTree& files,
                 std::vector<const ConfigFile*>& result) {
  const std::string name(text::base_name(file.path));
  const auto found = result.size();
  if (name.find_first_of("*?[{\\") != std::string::npos) {
    const std::string directory = parent_of(file.path);
    for (const std::string& pattern : braces(name)) {
      for (const auto& others : files.directories) {
        for (const ConfigFile& other : others) {
          if (parent_of(other.path) != directory) continue;
          if (part_matches(pattern, std::string(text::base_name(other.path))))
            result.push_back(&other);
        }
      }
    }
  }
  if (result.size() == found) result.push_back(&file);
}

/// The strongest file of each name, by name as bytes.
std::vector<const ConfigFile*> by_name(const Reader& reader, const ConfigTree& files) {
  std::map<std::string_view, const ConfigFile*> strongest;
  for (std::size_t directory = 0; directory < kSysctlDirectories.size(); ++directory) {
    if (kSysctlDirectories[directory] == kSplitLib && !reader.split_lib) continue;
    for (const ConfigFile& file : files.directories[directory]) {
      const std::string_view name = text::base_name(file.path);
      if (name.starts_with('.') && !reader.hidden_files) continue;
      if (file.kind == ConfigFile::Kind::unreachable && reader.skips_unreachable) continue;
      strongest.emplace(name, &file);
    }
  }
  std::vector<const ConfigFile*> result;
  result.reserve(strongest.size());
  for (const auto& [name, file] : strongest) {
    if (reader.family == ReaderFamily::systemd) {
      result.push_back(file);
    } else {
      add_as_glob(*file, files, result);
    }
  }
  return result;
}

/// Why a file that was given is not found: systemd looks for names in its directories.
std::string missing(const ConfigFile& file, const Reader& reader) {
  const bool searched =
      reader.family == ReaderFamily::systemd && !file.path.starts_with('/') && file.path != "-";
  return searched ? "not found in any sysctl.d directory" : "no such file";
}

/// Whether the file's text is read; what is wrong with it otherwise goes into the run.
bool opens(const ConfigFile& file, bool whole_system, ReaderRun& run) {
  const bool systemd = run.reader->family == ReaderFamily::systemd;
  const std::string hides = whole_system ? "; it masks files of the same name" : "";
  switch (file.kind) {
    case ConfigFile::Kind::regular:
      return true;
    case ConfigFile::Kind::directory:
      run.problems.push_back({file.path, 0, "it is a directory" + hides});
      if (systemd) run.status = 1;
      return false;
    case ConfigFile::Kind::dangling:
      run.problems.push_back(
          {file.path, 0, whole_system ? "dangling symlink" + hides : missing(file, *run.reader)});
      if (!systemd || !whole_system) run.status = 1;
      return false;
    case ConfigFile::Kind::unreachable:
      run.problems.push_back({file.path, 0, "dangling symlink"});
      run.status = 1;
      return false;
    case ConfigFile::Kind::unreadable:
      break;
  }
  run.problems.push_back({file.path, 0, file.problem});
  run.status = 1;
  return false;
}

void read_settings(const ConfigFile& file, ReaderRun& run, std::vector<BootSetting>& settings) {
  const bool systemd = run.reader->family == ReaderFamily::systemd;
  const TextLines lines = split(*run.reader, file.text);
  for (const TextLine& line : lines.lines) {
    SettingLine understood = understand(*run.reader, line);
    if (understood.kind == SettingLine::Kind::nothing) continue;
    if (understood.kind == SettingLine::Kind::malformed) {
      run.problems.push_back({file.path, line.number, "it has no \"=\" and is skipped"});
      if (systemd) run.status = 1;
      continue;
    }
    settings.push_back(
        {std::move(understood), file.path, line.number, comment_above(line.text, file.text)});
  }
  if (lines.too_long == 0) return;
  run.problems.push_back({file.path, lines.too_long, "1 MiB or longer: the file ends here"});
  run.status = 1;
}

}  // namespace

std::vector<const ConfigFile*> files_to_read(const Reader& reader, const ConfigTree& files) {
  std::vector<const ConfigFile*> result;
  if (files.given) {
    const bool systemd = reader.family == ReaderFamily::systemd;
    const auto& given = systemd ? files.given->to_systemd : files.given->to_procps;
    for (const ConfigFile& file : given) result.push_back(&file);
    return result;
  }
  result = by_name(reader, files);
  const auto& last = files.sysctl_conf;
  if (reader.sysctl_conf && last && last->kind == ConfigFile::Kind::regular) {
    result.push_back(&*last);
  }
  return result;
}

void note(const BootSetting& setting, std::string path, Tried tried, ReaderRun& run) {
  if (tried.failure) run.status = 1;
  run.writes.push_back({.path = std::move(path),
                        .text = setting.line.value,
                        .result = tried.result,
                        .reason = std::move(tried.reason),
                        .file = setting.file,
                        .line = setting.number,
                        .ignored = setting.line.ignore_failure});
}

}  // namespace boot

namespace {

std::vector<boot::BootSetting> settings_of(const ConfigTree& files, ReaderRun& run) {
  std::vector<boot::BootSetting> settings;
  for (const ConfigFile* const file : boot::files_to_read(*run.reader, files)) {
    run.files.push_back(file->path);
    if (boot::opens(*file, !files.given, run)) boot::read_settings(*file, run, settings);
  }
  return settings;
}

}  // namespace

ReaderRun run_reader(const Reader& reader, const ConfigTree& files, const KernelTree& kernel,
                     const HostSnapshot& host) {
  ReaderRun run{.reader = &reader};
  const auto settings = settings_of(files, run);
  for (const boot::BootSetting& setting : settings) {
    auto& list = setting.excludes() ? run.exclusions : run.assignments;
    list.push_back({setting.line.path, setting.line.value, setting.file, setting.number,
                    std::string(setting.comment)});
  }
  boot::KernelState state(kernel, host);
  if (reader.family == ReaderFamily::systemd) {
    boot::apply_as_systemd(settings, state, run);
  } else {
    boot::apply_as_procps(settings, !files.given, state, run);
  }
  run.after = state.tree();
  run.followed = state.followed();
  return run;
}

std::vector<std::string> paths_of(const ConfigTree& files, std::span<const Reader* const> readers) {
  std::set<std::string> paths;
  for (const Reader* const reader : readers) {
    ReaderRun run{.reader = reader};
    for (const boot::BootSetting& setting : settings_of(files, run)) {
      if (setting.excludes()) continue;
      if (!boot::is_pattern(setting.line.path)) {
        paths.insert(setting.line.path);
        continue;
      }
      for (std::string& path : boot::braces(setting.line.path)) paths.insert(std::move(path));
    }
  }
  return {paths.begin(), paths.end()};
}

bool versions_agree(const ConfigTree& files, ReaderFamily family) {
  std::optional<std::vector<boot::BootSetting>> first;
  for (const Reader& reader : all_readers()) {
    if (reader.family != family) continue;
    ReaderRun run{.reader = &reader};
    auto settings = settings_of(files, run);
    const bool patterns_excluded =
        std::any_of(settings.begin(), settings.end(), [](const boot::BootSetting& setting) {
          return setting.excludes() && boot::is_pattern(setting.line.path);
        });
    if (patterns_excluded || (first && *first != settings)) return false;
    first = std::move(settings);
  }
  return true;
}

}  // namespace tuner
