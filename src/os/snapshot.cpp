#include "os/snapshot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/parse/evidence_record.hpp"
#include "core/parse/number.hpp"
#include "core/parse/process_record.hpp"
#include "core/parse/sockets.hpp"
#include "os/process_table.hpp"
#include "os/read_boot.hpp"
#include "os/read_evidence.hpp"
#include "os/read_host.hpp"
#include "os/recording_files.hpp"
#include "os/socket_source.hpp"
#include "os/system_error.hpp"
#include "tuner/reading.hpp"

namespace tuner::os {

namespace {

namespace fs = std::filesystem;

/// A host of a thousand containers has a hundred keys for each of its interfaces.
constexpr std::size_t kMostInterfaces = 64;

bool is_secret(std::string_view path) {
  return path.ends_with("/tcp_fastopen_key") || path.ends_with("/stable_secret");
}

/// Sockets and processes have records of their own.
bool is_recorded_apart(std::string_view path) {
  if (path.starts_with("proc/net/tcp")) return true;
  constexpr std::string_view kProc = "proc/";
  if (!path.starts_with(kProc) || path.size() == kProc.size()) return false;
  const char first = path[kProc.size()];
  return first >= '0' && first <= '9' && path != "proc/1/limits";
}

/// proc/sys/net/ipv4/conf and its like: a folder for each interface.
bool is_folder_of_interfaces(std::string_view folder) {
  return folder.ends_with("/conf") || folder.ends_with("/neigh");
}

/// Reads everything below a folder, so that it is recorded. Returns the interfaces left out.
std::int64_t walk(RecordingFiles& files, const std::string& folder) {
  auto names = files.list(folder).value_or(std::vector<std::string>());
  std::sort(names.begin(), names.end());
  std::int64_t left_out = 0;
  if (is_folder_of_interfaces(folder) && names.size() > kMostInterfaces) {
    // "all", "default" and "lo" come with the first.
    std::stable_partition(names.begin(), names.end(), [](const std::string& name) {
      return name == "all" || name == "default" || name == "lo";
    });
    left_out = static_cast<std::int64_t>(names.size() - kMostInterfaces);
    names.resize(kMostInterfaces);
  }
  for (const std::string& name : names) {
    std::string path = folder;
    path.append("/").append(name);
    const auto status = files.status(path);
    if (!status) continue;
    if (status->kind == FileStatus::Kind::folder) {
      left_out = std::max(left_out, walk(files, path));
    } else if (status->owner_reads && !is_secret(path)) {
      (void)files.read(path);
    }
  }
  return left_out;
}

Reading everything() {
  Reading reading{.sockets = Reading::Sockets::everything,
                  .congestion_modules = true,
                  .evidence = true,
                  .interfaces = true};
  std::set<std::string> keys;
  for (const Fact* const fact : all_facts()) {
    if (fact->key.find_first_of("*<{") == std::string_view::npos) keys.emplace(fact->key);
  }
  const auto audited = reading_for(nullptr).keys;
  keys.insert(audited.begin(), audited.end());
  reading.keys.assign(keys.begin(), keys.end());
  return reading;
}

/// Only what tuner looks for in files that tell more of a host than its network.
std::string only_paragraphs(std::string_view database) {
  std::string kept;
  for (std::size_t start = 0; start < database.size();) {
    const auto end = std::min(database.find("\n\n", start), database.size());
    const auto paragraph = database.substr(start, end - start);
    for (const std::string_view package : {"Package: procps\n", "Package: systemd\n"}) {
      if (paragraph.starts_with(package)) kept.append(paragraph).append("\n\n");
    }
    start = end + 2;
  }
  return kept;
}

std::string only_congestion_controls(std::string_view modules) {
  std::string kept;
  for (const std::string_view line : parse::lines(modules)) {
    if (line.substr(0, line.find(':')).find("/tcp_") != std::string_view::npos) {
      kept.append(line).append("\n");
    }
  }
  return kept;
}

/// Writes the tree.
class Writer {
 public:
  Writer(fs::path folder, Addresses addresses)
      : folder_(std::move(folder)), addresses_(addresses) {}

  void write(const std::string& path, std::string_view text, fs::perms mode = kReadable) {
    const fs::path target = folder_ / path;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    std::ofstream file(target, std::ios::binary);
    file << text;
    file.close();
    fs::permissions(target, mode, error);
    if (!file && problem_.empty()) problem_ = target;
    ++files_;
  }

  void write_seen(const std::string& path, const RecordingFiles::Seen& seen) {
    if (seen.text) return write(path, content_of(path, *seen.text), mode_of(seen));
    std::error_code error;
    const fs::path target = folder_ / path;
    fs::create_directories(target.parent_path(), error);
    if (seen.link) return fs::create_symlink(*seen.link, target, error);
    if (!seen.status || fs::exists(target, error)) return;
    if (seen.status->kind == FileStatus::Kind::folder) {
      fs::create_directories(target, error);
    } else if (!path.starts_with("proc/")) {
      write(path, "");  // that it is there is all that was asked
    }
  }

  TcpSocket shown(const TcpSocket& socket) {
    return addresses_ == Addresses::replaced ? anonymous_.socket(socket) : socket;
  }

  std::string shown(std::string_view text) {
    return addresses_ == Addresses::replaced ? anonymous_.text(text) : std::string(text);
  }

  [[nodiscard]] std::int64_t files() const { return files_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static constexpr fs::perms kReadable = fs::perms::owner_read | fs::perms::owner_write;

  static fs::perms mode_of(const RecordingFiles::Seen& seen) {
    if (!seen.status) return kReadable;
    fs::perms mode = fs::perms::none;
    if (seen.status->owner_reads) mode |= fs::perms::owner_read;
    if (seen.status->owner_writes) mode |= fs::perms::owner_write;
    return mode;
  }

  std::string content_of(const std::string& path, const std::string& text) {
    if (path == "var/lib/dpkg/status") return only_paragraphs(text);
    if (path.ends_with("/modules.dep")) return only_congestion_controls(text);
    if (addresses_ == Addresses::kept) return text;
    if (path == "proc/sys/kernel/hostname") return "host\n";
    if (path.starts_with("proc/net/udp")) return parse::anonymous_proc_udp(text, anonymous_);
    // What a kernel prints below /proc holds no address but in these.
    return path.starts_with("proc/") ? text : anonymous_.text(text);
  }

  fs::path folder_;
  Addresses addresses_;
  Anonymous anonymous_{};
  std::int64_t files_ = 0;
  std::string problem_{};  ///< the first file that could not be written
};

/// The routes with their addresses shown as they may be.
std::string routes_text(std::vector<DefaultRoute> routes, Writer& writer) {
  for (DefaultRoute& route : routes) route.shown = writer.shown(route.shown);
  return parse::text_of(routes);
}

/// The sockets, in text; the inodes of those whose owners are told go to `inodes`.
Observed<std::int64_t> write_sockets(FileSource& files, Writer& writer,
                                     std::vector<std::uint32_t>& inodes) {
  std::string text;
  std::int64_t count = 0;
  const auto source = socket_source(files, Kernel::running);
  const auto told =
      source->for_each(kConnectionsAndListeners | mask_of(TcpState::bound_inactive),
                       SocketSource::Details::wanted, [&](const TcpSocket& socket) {
                         text += parse::tcp_record(writer.shown(socket)) + '\n';
                         ++count;
                         if (socket.inode != 0 && socket.state != TcpState::time_wait) {
                           inodes.push_back(socket.inode);
                         }
                       });
  if (!told) return tl::unexpected(told.error());
  if (source->tells_limits()) writer.write(kTcpRecords, text);
  std::sort(inodes.begin(), inodes.end());
  return count;
}

void write_processes(FileSource& files, Writer& writer, const HostSnapshot& host,
                     const std::vector<std::uint32_t>& inodes) {
  const auto table = process_table(files, Kernel::running);
  parse::ProcessRecords records;
  std::map<int, parse::ProcessRecord> by_pid;
  table->for_each_holder(inodes, [&](int pid, const std::vector<std::uint32_t>& held) {
    if (auto found = table->files_of(pid)) by_pid[pid] = {std::move(*found), held};
    return true;
  });
  if (host.open_files) {
    records.looked_at = host.open_files->looked_at;
    records.unread = host.open_files->unread;
    for (const ProcessFiles& near : host.open_files->near) by_pid[near.process.pid].files = near;
  }
  for (auto& [pid, record] : by_pid) {
    std::sort(record.inodes.begin(), record.inodes.end());
    records.processes.push_back(std::move(record));
  }
  writer.write(kProcessRecords, parse::text_of(records));
}

void write_capture(const HostSnapshot& host, Writer& writer, const std::string& version) {
  const bool child = host.network_namespace == NetworkNamespace::child;
  std::string text = fmt::format("# written by tuner snapshot {}\n", version);
  if (host.page_size) text += fmt::format("page_size = {}\n", host.page_size->bytes().count());
  text += fmt::format("architecture = \"{}\"\nnetwork_namespace = \"{}\"\n", host.architecture,
                      child ? "child" : "init");
  writer.write("capture.toml", text);
}

Result<void> make_empty_folder(const std::string& folder) {
  std::error_code error;
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  if (errno != EEXIST) return system_error(folder, "Give a folder that can be made.");
  if (fs::is_directory(folder, error) && fs::is_empty(folder, error) && !error) return {};
  return fail({.subject = folder,
               .detail = "it is there and not empty",
               .way_out = "Give a folder that is not there yet."});
}

/// Through the waivers and the sysctl files that an audit reads.
void read_config(RecordingFiles& files, const HostSnapshot& host) {
  (void)files.read("etc/tuner/waivers.toml");
  BootFiles boot(files, Kernel::running, {.versions = BootRequest::Versions::always});
  (void)boot.view(host);
  // All that may be named later, by a file that is only then written.
  (void)files.list("etc/modules-load.d");
}

}  // namespace

Result<SnapshotSummary> write_snapshot(RootDirectory& root, const std::string& folder,
                                       Addresses addresses, const std::string& version) {
  const auto made = make_empty_folder(folder);
  if (!made) return tl::unexpected(made.error());
  RecordingFiles files(root);
  const HostSnapshot host = read_host(files, "/", read_live_system(), everything());
  SnapshotSummary summary{.interfaces_left_out = walk(files, "proc/sys/net")};
  read_config(files, host);
  Writer writer(folder, addresses);
  for (const auto& [path, seen] : files.seen()) {
    if (!is_recorded_apart(path) && !is_secret(path)) writer.write_seen(path, seen);
  }
  std::vector<std::uint32_t> inodes;
  const auto sockets = write_sockets(root, writer, inodes);
  if (!sockets) return fail({.subject = "TCP sockets", .detail = describe(sockets.error())});
  summary.sockets = *sockets;
  write_processes(root, writer, host, inodes);
  if (host.default_routes) {
    writer.write(kRouteRecords, routes_text(*host.default_routes, writer));
  }
  if (host.interfaces) writer.write(kInterfaceRecords, parse::text_of(*host.interfaces));
  write_capture(host, writer, version);
  summary.files = writer.files();
  if (writer.problem().empty()) return summary;
  return fail({.subject = writer.problem(),
               .detail = "it could not be written",
               .way_out = "Look whether the disk is full; take the folder away and try again."});
}

}  // namespace tuner::os
