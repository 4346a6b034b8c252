#include "os/read_sysctl_d.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "boot/lines.hpp"
#include "boot/pattern.hpp"
#include "boot/tuner_file.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/readers.hpp"
#include "model/number.hpp"
#include "tuner/fact.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::os {

namespace {

using Kind = ConfigFile::Kind;

std::string below_root(std::string_view path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  return std::string(path);
}

std::string below(const std::string& directory, const std::string& name) {
  std::string path = directory;
  return path.append("/").append(name);
}

/// Gathers nodes below proc/sys, each once.
class Gatherer {
 public:
  Gatherer(FileSource& files, KernelTree& tree, bool modes_count)
      : files_(files), tree_(tree), modes_count_(modes_count) {}

  void gather(const std::string& directory, std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    if (rest.empty()) return;
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string part(rest.substr(0, end));
    if (part == ".") return gather(directory, rest.substr(end));
    if (part == "..") return gather(boot::parent_of(directory), rest.substr(end));
    for (const std::string& name : names(directory, part)) {
      const std::string path = directory.empty() ? name : below(directory, name);
      const KernelNode* const node = add(path);
      if (node != nullptr && node->kind == KernelNode::Kind::directory) {
        gather(path, rest.substr(end));
      }
    }
  }

 private:
  std::vector<std::string> names(const std::string& directory, const std::string& part) {
    if (!boot::is_pattern(part) && part.find('\\') == std::string::npos) return {part};
    auto listed = listings_.find(directory);
    if (listed == listings_.end()) {
      auto names = files_.list("proc/sys/" + directory).value_or(std::vector<std::string>());
      listed = listings_.emplace(directory, std::move(names)).first;
    }
    std::vector<std::string> fitting;
    std::copy_if(listed->second.begin(), listed->second.end(), std::back_inserter(fitting),
                 [&part](const std::string& name) { return boot::part_matches(part, name); });
    return fitting;
  }

  const KernelNode* add(const std::string& path) {
    if (const KernelNode* const known = tree_.find(path)) return known;
    const auto status = files_.status("proc/sys/" + path);
    if (!status || status->kind == FileStatus::Kind::unreachable) return nullptr;
    KernelNode node;
    if (status->kind == FileStatus::Kind::directory) {
      node.kind = KernelNode::Kind::directory;
    } else {
      const auto key = SysctlKey::from_path(path);
      const Fact* const fact = key ? find_fact(key->text()) : nullptr;
      node.writable = fact == nullptr || fact->write != Write::read_only;
      if (modes_count_) node.writable = status->owner_writes;
      node.readable = !modes_count_ || status->owner_reads;
      node.text = files_.read("proc/sys/" + path);
    }
    return &tree_.nodes.emplace(path, std::move(node)).first->second;
  }

  FileSource& files_;
  KernelTree& tree_;
  bool modes_count_;
  std::map<std::string, std::vector<std::string>> listings_;
};

/// The version of a package in the database of dpkg(1), which is a file of paragraphs.
std::string package_version(std::string_view database, std::string_view package) {
  const auto paragraph = std::string("\nPackage: ").append(package).append("\n");
  auto start = database.find(paragraph);
  if (start == std::string_view::npos && database.starts_with(paragraph.substr(1))) start = 0;
  if (start == std::string_view::npos) return {};
  const std::string_view rest =
      database.substr(start + 1, database.find("\n\n", start + 1) - start - 1);
  if (rest.find("\nStatus: install ok installed") == std::string_view::npos) return {};
  constexpr std::string_view kVersion = "\nVersion: ";
  const auto found = rest.find(kVersion);
  if (found == std::string_view::npos) return {};
  const auto value = rest.substr(found + kVersion.size());
  return std::string(value.substr(0, value.find('\n')));
}

/// "252" of libsystemd-shared-252.so, which lies in a directory of its own.
std::string systemd_library(FileSource& files) {
  constexpr std::string_view kName = "libsystemd-shared-";
  std::vector<std::string> directories = {"usr/lib/systemd", "usr/lib64/systemd"};
  for (const char* const machine : {"x86_64", "aarch64", "powerpc64le", "riscv64", "s390x"}) {
    directories.push_back(std::string("usr/lib/").append(machine).append("-linux-gnu/systemd"));
  }
  for (const std::string& directory : directories) {
    for (const std::string& name : files.list(directory).value_or(std::vector<std::string>())) {
      if (name.starts_with(kName)) return name.substr(kName.size());
    }
  }
  return {};
}

/// What packages and editors leave beside a file, and what somebody put aside on purpose.
bool is_left_behind(std::string_view name) {
  constexpr std::string_view kEnds[] = {
      "~",         ".bak",      ".old",     ".orig",     ".save",   ".dpkg-old", ".dpkg-dist",
      ".dpkg-new", ".rpmnew",   ".rpmsave", ".disabled", ".swp",    ".md",       ".sample",
      ".example",  ".ucf-dist", ".ucf-old", ".pacnew",   ".apk-new"};
  return name.starts_with("README") || name.starts_with('.') ||
         std::any_of(std::begin(kEnds), std::end(kEnds),
                     [name](std::string_view end) { return name.ends_with(end); });
}

bool exists(FileSource& files, const std::string& path) {
  const auto status = files.status(path);
  return status && status->kind != FileStatus::Kind::unreachable;
}

}  // namespace

ConfigFile read_config_file(FileSource& files, const std::string& path, FoundBy found_by) {
  ConfigFile file{.path = '/' + below_root(path)};
  const std::string place = below_root(path);
  auto text = found_by == FoundBy::user ? files.read_named(place) : files.read(place);
  if (text) {
    file.text = std::move(*text);
    return file;
  }
  // A captured tree has no devices: the link alone tells that it is a mask.
  const auto target = files.link(place);
  if (place == "dev/null" || (target && *target == "/dev/null")) return file;
  const auto status = files.status(place);
  if (!status) {
    const bool missing = status.error().why == Unread::Why::absent;
    file.kind = missing ? Kind::dangling : Kind::unreadable;
    file.problem = unread_text(status.error());
    return file;
  }
  switch (status->kind) {
    case FileStatus::Kind::directory:
      file.kind = Kind::directory;
      break;
    case FileStatus::Kind::unreachable:
      file.kind = Kind::unreachable;
      break;
    case FileStatus::Kind::file:
    case FileStatus::Kind::other:
      file.kind = Kind::unreadable;
      file.problem = unread_text(text.error());
  }
  return file;
}

ConfigTree read_config_tree(FileSource& files) {
  ConfigTree tree;
  for (std::size_t index = 0; index < kSysctlDirectories.size(); ++index) {
    const std::string directory = below_root(kSysctlDirectories[index]);
    if (directory.starts_with("lib/") && files.link("lib")) continue;  // the same as /usr/lib
    const auto listed = files.list(directory);
    if (!listed && listed.error().why != Unread::Why::absent) {
      tree.unread.push_back('/' + directory + " is " + unread_text(listed.error()));
    }
    auto names = listed.value_or(std::vector<std::string>());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (name.ends_with(".conf")) {
        ConfigFile file = read_config_file(files, below(directory, name));
        if (is_pending_fragment(file)) {
          tree.pending = std::move(file);
        } else {
          tree.directories[index].push_back(std::move(file));
        }
      } else if (!is_left_behind(name)) {
        tree.ignored.push_back(read_config_file(files, below(directory, name)));
      }
    }
  }
  ConfigFile last = read_config_file(files, std::string(kSysctlConf));
  if (last.kind != Kind::dangling) tree.sysctl_conf = std::move(last);
  return tree;
}

KernelTree read_kernel_tree(FileSource& files, const std::vector<std::string>& paths,
                            Kernel kernel) {
  KernelTree tree;
  if (!exists(files, "proc/sys/net")) return tree;
  const bool running = kernel == Kernel::running;
  tree.extent = running ? KernelTree::Extent::all : KernelTree::Extent::network;
  tree.writable = !running || !files.is_read_only("proc/sys");
  const auto usual = files.status("proc/sys/net/ipv4/tcp_fin_timeout");
  const bool modes_count = running || (usual && usual->owner_writes);
  Gatherer gatherer(files, tree, modes_count);
  for (const std::string& path : paths) gatherer.gather("", path);
  return tree;
}

InstalledReaders read_installed_readers(FileSource& files) {
  InstalledReaders readers;
  const std::string database = files.read("var/lib/dpkg/status").value_or("");
  readers.systemd_version = package_version(database, "systemd");
  readers.procps_version = package_version(database, "procps");
  if (readers.systemd_version.empty()) readers.systemd_version = systemd_library(files);
  readers.systemd = nearest_reader(ReaderFamily::systemd, readers.systemd_version);
  readers.procps = nearest_reader(ReaderFamily::procps, readers.procps_version);
  if (readers.systemd == nullptr) readers.systemd = newest_reader(ReaderFamily::systemd);
  if (readers.procps == nullptr) readers.procps = newest_reader(ReaderFamily::procps);
  choose_at_boot(files, readers);
  return readers;
}

void choose_at_boot(FileSource& files, InstalledReaders& readers) {
  readers.at_boot = ReaderFamily::systemd;
  readers.assumed = false;
  for (const char* const path :
       {"usr/lib/systemd/systemd-sysctl", "lib/systemd/systemd-sysctl", "run/systemd/system"}) {
    if (exists(files, path)) return;
  }
  const bool has_procps = exists(files, "sbin/sysctl") || exists(files, "usr/sbin/sysctl");
  if (has_procps) readers.at_boot = ReaderFamily::procps;
  readers.assumed = !has_procps;
}

LoadedModules read_modules_to_load(FileSource& files) {
  std::set<std::string> modules;
  const auto take = [&](const std::string& path) {
    const std::string text = files.read(path).value_or("");
    for (const std::string_view line : parse::lines(text)) {
      const std::string_view name = parse::trim(line);
      if (!name.empty() && name.front() != '#' && name.front() != ';') {
        std::string module(name.substr(0, name.find(' ')));
        std::replace(module.begin(), module.end(), '-', '_');  // modprobe(8) takes both
        modules.insert(std::move(module));
      }
    }
  };
  take("etc/modules");
  for (const char* const base : {"etc", "run", "usr/local/lib", "usr/lib"}) {
    const std::string directory = std::string(base) + "/modules-load.d";
    for (const std::string& name : files.list(directory).value_or(std::vector<std::string>())) {
      if (name.ends_with(".conf")) take(below(directory, name));
    }
  }
  return {modules.begin(), modules.end()};
}

}  // namespace tuner::os
