#include "boot/unapplied.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "boot/lines.hpp"

namespace tuner {

namespace {

/// The file with its settings counted, as the reader would understand them.
UnappliedFile counted(const ConfigFile& file, const Reader& reader) {
  UnappliedFile result{.path = file.path};
  for (const boot::TextLine& line : boot::split(reader, file.text).lines) {
    if (boot::understand(reader, line).kind != boot::SettingLine::Kind::setting) continue;
    if (result.settings++ == 0) result.first_line = line.number;
  }
  return result;
}

/// Whether a file that the reader takes has the same text: /etc/sysctl.d/99-sysctl.conf is a link
/// to /etc/sysctl.conf on many hosts.
bool is_read_by_another_name(const ConfigFile& file, const ConfigTree& files,
                             const ReaderRun& run) {
  const auto same = [&](const ConfigFile& other) {
    return other.text == file.text &&
           std::find(run.files.begin(), run.files.end(), other.path) != run.files.end();
  };
  return std::any_of(files.directories.begin(), files.directories.end(),
                     [&same](const auto& directory) {
                       return std::any_of(directory.begin(), directory.end(), same);
                     });
}

/// ufw may be pointed at /etc/sysctl.conf.
bool is_read_by_an_owner(const ConfigFile& file, const BootView& view) {
  return std::any_of(view.owners.begin(), view.owners.end(), [&file](const KeyOwner& owner) {
    return std::any_of(owner.values.begin(), owner.values.end(),
                       [&file](const auto& value) { return value.second.file == file.path; });
  });
}

}  // namespace

std::vector<UnappliedFile> unapplied_files(const ConfigTree& files, const BootView& view) {
  std::vector<UnappliedFile> result;
  if (files.given) return result;
  const auto run = std::find_if(view.runs.begin(), view.runs.end(), [&view](const ReaderRun& one) {
    return one.reader->family == view.readers.at_boot;
  });
  if (run == view.runs.end()) return result;
  const Reader& reader = *run->reader;
  const auto& conf = files.sysctl_conf;
  if (conf && !reader.sysctl_conf && !is_read_by_another_name(*conf, files, *run) &&
      !is_read_by_an_owner(*conf, view)) {
    UnappliedFile file = counted(*conf, reader);
    file.why =
        "systemd-sysctl applies the files at boot and reads it only through a link such as "
        "/etc/sysctl.d/99-sysctl.conf, which is missing (Debian 13 ships none).";
    file.hint = "Move its lines to a file such as /etc/sysctl.d/60-local.conf.";
    if (file.settings > 0) result.push_back(std::move(file));
  }
  for (const ConfigFile& one : files.ignored) {
    if (one.kind != ConfigFile::Kind::regular) continue;
    UnappliedFile file = counted(one, reader);
    file.why = "Its name does not end in .conf, so no reader reads it.";
    file.hint = fmt::format("Rename it to {}.conf.", one.path);
    if (file.settings > 0) result.push_back(std::move(file));
  }
  return result;
}

}  // namespace tuner
