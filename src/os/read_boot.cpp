#include "os/read_boot.hpp"

#include <unistd.h>

#include <algorithm>

#include "boot/late.hpp"
#include "boot/lines.hpp"
#include "boot/pattern.hpp"
#include "boot/run.hpp"
#include "boot/view.hpp"
#include "judge/congestion.hpp"
#include "knowledge/readers.hpp"
#include "os/files.hpp"
#include "os/key_owners.hpp"

namespace tuner::os {

namespace {

/// What the kernel asks when a key is written, beside the key itself.
struct Companion {
  std::string_view path;
  std::string_view needs;
};

constexpr Companion kCompanions[] = {
    {"net/ipv4/ip_local_port_range", "net/ipv4/ip_unprivileged_port_start"},
    {"net/ipv4/ip_unprivileged_port_start", "net/ipv4/ip_local_port_range"},
    {"net/ipv4/tcp_congestion_control", "net/ipv4/tcp_available_congestion_control"},
    {"net/ipv4/tcp_congestion_control", "net/ipv4/tcp_allowed_congestion_control"},
};

constexpr std::string_view kControl = "net/ipv4/tcp_congestion_control";

std::string absolute(const std::string& name, const std::string& directory) {
  return name.starts_with('/') ? name : directory + '/' + name;
}

/// systemd looks for names in the directories of sysctl.d.
ConfigFile found_by_systemd(FileSource& files, const std::string& name, const BootRequest& request,
                            const Reader& reader) {
  const bool bare = name.find('/') == std::string::npos;
  if (name.starts_with('/') || (!bare && !reader.searches_relative)) {
    return read_config_file(files, absolute(name, request.directory), FoundBy::user);
  }
  for (const std::string_view directory : kSysctlDirectories) {
    if (directory == kSplitLib && !reader.split_lib) continue;
    ConfigFile found = read_config_file(files, std::string(directory) + '/' + name);
    if (found.kind != ConfigFile::Kind::dangling) return found;
  }
  return {.path = name, .kind = ConfigFile::Kind::dangling};
}

/// What glob(3) finds below a directory, part by part; `path` ends without a slash.
void find_files(FileSource& files, const std::string& path, std::string_view rest,
                std::vector<std::string>& found) {
  rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  if (rest.empty()) {
    if (files.status(path.substr(std::min<std::size_t>(path.size(), 1)))) found.push_back(path);
    return;
  }
  const auto end = std::min(rest.find('/'), rest.size());
  const std::string part(rest.substr(0, end));
  if (!boot::is_pattern(part) && part.find('\\') == std::string::npos) {
    return find_files(files, path + '/' + part, rest.substr(end), found);
  }
  auto names = files.list(path.empty() ? "." : path.substr(1)).value_or(std::vector<std::string>());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (!boot::part_matches(part, name)) continue;
    std::string below = path;
    below.append("/").append(name);
    find_files(files, below, rest.substr(end), found);
  }
}

/// procps opens what glob(3) makes of the name; a name that matches nothing is opened as it is.
std::vector<std::string> found_by_procps(FileSource& files, const std::string& path) {
  std::vector<std::string> found;
  for (const std::string& pattern : boot::braces(path)) find_files(files, "", pattern, found);
  return found.empty() ? std::vector<std::string>{path} : found;
}

GivenFiles given_files(FileSource& files, const BootRequest& request,
                       const InstalledReaders& readers) {
  GivenFiles given;
  for (const std::string& name : request.files) {
    if (name != "-") {
      given.to_systemd.push_back(found_by_systemd(files, name, request, *readers.systemd));
      bool found = given.to_systemd.back().kind != ConfigFile::Kind::dangling;
      for (const auto& path : found_by_procps(files, absolute(name, request.directory))) {
        given.to_procps.push_back(read_config_file(files, path, FoundBy::user));
        found = found || given.to_procps.back().kind != ConfigFile::Kind::dangling;
      }
      if (!found) given.missing.push_back(name);
      continue;
    }
    ConfigFile input{.path = "-"};
    if (auto text = read_all(STDIN_FILENO, "standard input")) {
      input.text = std::move(*text);
    } else {
      input.kind = ConfigFile::Kind::unreadable;
      input.problem = "not to be read: " + text.error().detail;
    }
    const ConfigFile missing{.path = "-", .kind = ConfigFile::Kind::dangling};
    given.to_systemd.push_back(readers.systemd->dash_is_stdin ? input : missing);
    given.to_procps.push_back(input);
  }
  return given;
}

}  // namespace

BootFiles::BootFiles(FileSource& files, Kernel kernel, const BootRequest& request)
    : files_(files), kernel_(kernel) {
  if (request.files.empty()) tree_ = read_config_tree(files);
  choose_readers(request);
  if (!request.files.empty()) tree_.given = given_files(files, request, readers_);
  const Reader* const readers[] = {readers_.systemd, readers_.procps};
  paths_ = paths_of(tree_, readers);
}

void BootFiles::choose_readers(const BootRequest& request) {
  using enum ReaderFamily;
  const bool look = request.versions == BootRequest::Versions::always ||
                    !versions_agree(tree_, systemd) || !versions_agree(tree_, procps);
  readers_ = look ? read_installed_readers(files_) : InstalledReaders();
  if (!look) {
    readers_.systemd = newest_reader(systemd);
    readers_.procps = newest_reader(procps);
    choose_at_boot(files_, readers_);
  }
  if (request.systemd != nullptr) readers_.systemd = request.systemd;
  if (request.procps != nullptr) readers_.procps = request.procps;
}

Reading BootFiles::reading() const {
  Reading reading{.keys = {"net.ipv4.tcp_ehash_entries"}};
  reading.congestion_modules = std::find(paths_.begin(), paths_.end(), kControl) != paths_.end();
  return reading;
}

BootMaterial BootFiles::material(const std::vector<std::string>& more) {
  std::vector<std::string> paths = paths_;
  paths.insert(paths.end(), more.begin(), more.end());
  KernelTree kernel = read_kernel_tree(files_, paths, kernel_);
  const std::size_t named = paths.size();
  for (const auto& [path, needs] : kCompanions) {
    if (kernel.find(path) != nullptr) paths.emplace_back(needs);
  }
  if (paths.size() > named) kernel = read_kernel_tree(files_, paths, kernel_);
  const bool late = std::any_of(paths.begin(), paths.end(), needs_module);
  return {.readers = readers_,
          .files = tree_,
          .kernel = std::move(kernel),
          .modules = late ? read_modules_to_load(files_) : LoadedModules(),
          .owners = tree_.given ? std::vector<KeyOwner>() : read_key_owners(files_, kernel_)};
}

BootView BootFiles::view(const HostSnapshot& host) { return view_boot(material({}), host); }

}  // namespace tuner::os
