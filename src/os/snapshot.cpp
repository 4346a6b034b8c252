#include "os/snapshot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "judge/reading.hpp"
#include "knowledge/facts.hpp"
#include "model/number.hpp"
#include "os/place.hpp"
#include "os/process_table.hpp"
#include "os/read_boot.hpp"
#include "os/read_evidence.hpp"
#include "os/read_flows.hpp"
#include "os/read_host.hpp"
#include "os/recording_files.hpp"
#include "os/snapshot_writer.hpp"
#include "os/socket_source.hpp"
#include "read/evidence_record.hpp"
#include "read/flow_record.hpp"
#include "read/process_record.hpp"
#include "read/sockets.hpp"
#include "tuner/reading.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

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

/// proc/sys/net/ipv4/conf and its like: a directory for each interface.
bool is_directory_of_interfaces(std::string_view directory) {
  return directory.ends_with("/conf") || directory.ends_with("/neigh");
}

/// Reads everything below a directory, so that it is recorded. Returns the interfaces left out.
std::int64_t walk(RecordingFiles& files, const std::string& directory) {
  auto names = files.list(directory).value_or(std::vector<std::string>());
  std::sort(names.begin(), names.end());
  std::int64_t left_out = 0;
  if (is_directory_of_interfaces(directory) && names.size() > kMostInterfaces) {
    // "all", "default" and "lo" come with the first.
    std::stable_partition(names.begin(), names.end(), [](const std::string& name) {
      return name == "all" || name == "default" || name == "lo";
    });
    left_out = static_cast<std::int64_t>(names.size() - kMostInterfaces);
    names.resize(kMostInterfaces);
  }
  for (const std::string& name : names) {
    std::string path = directory;
    path.append("/").append(name);
    const auto status = files.status(path);
    if (!status) continue;
    if (status->kind == FileStatus::Kind::directory) {
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
                  .flows = kWatchToMeasure,
                  .watch = Reading::Watch::where_much_moves,
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

/// Routes and interfaces, shown as they may be.
std::string routes_text(std::vector<DefaultRoute> routes, Disguise& disguise) {
  for (DefaultRoute& route : routes) {
    route.shown = disguise.name(route.shown);
    route.device = disguise.name(route.device);
  }
  return parse::route_records(routes);
}

std::string interfaces_text(std::vector<InterfaceDrops> interfaces, Disguise& disguise) {
  for (InterfaceDrops& drops : interfaces) drops.name = disguise.name(drops.name);
  return parse::interface_records(interfaces);
}

/// The people among the users of a host: their names are in names of files and services.
std::vector<std::string> people(FileSource& files) {
  constexpr std::int64_t kFirst = 1000;  // login.defs(5), UID_MIN and UID_MAX
  constexpr std::int64_t kLast = 60000;
  std::vector<std::string> names;
  const std::string users = files.read("etc/passwd").value_or("");
  for (const std::string_view line : parse::lines(users)) {
    const auto name = line.substr(0, line.find(':'));
    const auto password = line.find(':', name.size() + 1);
    if (password == line.npos) continue;
    const auto number = line.substr(password + 1);
    const auto user = parse::integer(number.substr(0, number.find(':')));
    if (user && *user >= kFirst && *user <= kLast) names.emplace_back(name);
  }
  if (std::string own = read_actor().user; own != "root") names.push_back(std::move(own));
  return names;
}

/// The sockets, in text; the inodes of those whose owners are told go to `inodes`.
Observed<std::int64_t> write_sockets(FileSource& files, SnapshotWriter& writer,
                                     std::vector<std::uint32_t>& inodes) {
  std::string text;
  std::int64_t count = 0;
  const auto source = socket_source(files, Kernel::running);
  const auto told =
      source->for_each(kConnectionsAndListeners | mask_of(TcpState::bound_inactive),
                       SocketSource::Details::wanted, [&](const TcpSocket& socket) {
                         text += parse::tcp_record(writer.disguise().socket(socket)) + '\n';
                         ++count;
                         if (socket.inode != 0 && socket.state != TcpState::time_wait) {
                           inodes.push_back(socket.inode);
                         }
                       });
  if (!told) return tl::unexpected(told.error());
  if (source->tells_limits()) {
    writer.write(kTcpRecords, text);
  } else {
    // Netlink is refused: then this is all that there is, for an audit of the host too.
    for (const char* const path : {"proc/net/tcp", "proc/net/tcp6"}) {
      if (const auto lines = files.read(path)) writer.write(path, writer.disguise().lines(*lines));
    }
  }
  std::sort(inodes.begin(), inodes.end());
  return count;
}

/// The connections that moved data, with their addresses and programs as they may be shown.
void write_flows(const HostSnapshot& host, SnapshotWriter& writer) {
  if (!host.flows) return;
  FlowSurvey survey = *host.flows;
  Disguise& disguise = writer.disguise();
  for (Flow& flow : survey.flows) {
    const TcpSocket shown = disguise.socket({.local = flow.local.address,
                                             .remote = flow.remote.address,
                                             .local_port = flow.local.port,
                                             .remote_port = flow.remote.port});
    flow.local.address = shown.local;
    flow.remote.address = shown.remote;
    if (!flow.owner) continue;
    flow.owner->comm = disguise.name(flow.owner->comm);
    flow.owner->unit = disguise.name(flow.owner->unit);
  }
  survey.link = disguise.name(survey.link);
  writer.write(kFlowRecords, parse::flow_records_text(survey));
}

void write_processes(FileSource& files, SnapshotWriter& writer, const HostSnapshot& host,
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
    record.files.process.comm = writer.disguise().name(record.files.process.comm);
    record.files.process.unit = writer.disguise().name(record.files.process.unit);
    records.processes.push_back(std::move(record));
  }
  writer.write(kProcessRecords, parse::process_records_text(records));
}

void write_capture(const HostSnapshot& host, SnapshotWriter& writer, const std::string& version) {
  const bool child = host.network_namespace == NetworkNamespace::child;
  std::string text = fmt::format("# written by tuner snapshot {}\n", version);
  if (host.page_size) text += fmt::format("page_size = {}\n", host.page_size->bytes().count());
  text += fmt::format("architecture = \"{}\"\nnetwork_namespace = \"{}\"\n", host.architecture,
                      child ? "child" : "init");
  writer.write("capture.toml", text);
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

Result<SnapshotSummary> write_snapshot(RootDirectory& root, const std::string& directory,
                                       Addresses addresses, const std::string& version) {
  auto made = FilledDirectory::open(directory);
  if (!made) return tl::unexpected(made.error());
  RecordingFiles files(root);
  const HostSnapshot host = read_host(files, "/", read_live_system(), everything());
  SnapshotSummary summary{.interfaces_left_out = walk(files, "proc/sys/net")};
  read_config(files, host);
  auto seen = files.seen();
  std::erase_if(
      seen, [](const auto& one) { return is_recorded_apart(one.first) || is_secret(one.first); });
  std::vector<std::string> paths;
  paths.reserve(seen.size());
  for (const auto& [path, what] : seen) {
    paths.push_back(path);
    if (what.unread) summary.unread.push_back('/' + path + ": " + unread_text(*what.unread));
  }
  SnapshotWriter writer(std::move(*made),
                        Disguise(addresses, host.hostname.value_or(""), people(root), paths));
  writer.write_seen(seen);
  std::vector<std::uint32_t> inodes;
  write_flows(host, writer);
  const auto sockets = write_sockets(root, writer, inodes);
  if (!sockets) {
    (void)writer.discard();
    return fail({.subject = "TCP sockets", .detail = unread_text(sockets.error())});
  }
  summary.sockets = *sockets;
  write_processes(root, writer, host, inodes);
  if (host.default_routes) {
    writer.write(kRouteRecords, routes_text(*host.default_routes, writer.disguise()));
  } else {
    summary.unread.push_back("default routes: " + unread_text(host.default_routes.error()));
  }
  if (host.interfaces) {
    writer.write(kInterfaceRecords, interfaces_text(*host.interfaces, writer.disguise()));
  } else {
    summary.unread.push_back("interfaces: " + unread_text(host.interfaces.error()));
  }
  write_capture(host, writer, version);
  summary.files = writer.files();
  if (!writer.problem()) return summary;
  Error problem = *writer.problem();
  const auto emptied = writer.discard();
  problem.hint = emptied ? "What had been written was removed again."
                         : "Some of what had been written could not be removed.";
  return fail(std::move(problem));
}

}  // namespace tuner::os
