#include "os/read_host.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "knowledge/facts.hpp"
#include "model/number.hpp"
#include "os/read_evidence.hpp"
#include "os/read_flows.hpp"
#include "os/read_sockets.hpp"
#include "read/capture.hpp"
#include "read/proc.hpp"
#include "read/sysctl.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

/// Reads `path` and parses it. Why there is no value says which file it is.
template <class Parser>
auto read_with(FileSource& files, const std::string& path, Parser parse)
    -> decltype(parse(std::string_view())) {
  const auto name_file = [&path](Unread reason) {
    reason.source = path == "capture.toml" ? path : "/" + path;
    return tl::unexpected(std::move(reason));
  };
  const auto text = files.read(path);
  if (!text) return name_file(text.error());
  auto value = parse(*text);
  if (!value) return name_file(value.error());
  return value;
}

/// The kernel prints and writes the elements of a vector one by one, so a reader beside a writer
/// can see half of a change (measured: 900 of 560,958 reads of tcp_rmem). Two equal reads in a row
/// are one state.
Observed<std::string> read_settled(FileSource& files, const std::string& path) {
  constexpr int kTries = 8;
  auto text = files.read(path);
  for (int attempt = 0; text && attempt < kTries; ++attempt) {
    auto again = files.read(path);
    if (again == text) return text;
    text = std::move(again);
  }
  if (!text) return text;
  return malformed("it changed during each of " + std::to_string(kTries) + " reads");
}

Observed<SysctlValue> read_sysctl(FileSource& files, const std::string& key) {
  const auto name = SysctlKey::parse(key);
  if (!name) return malformed("not a sysctl key");
  const Fact* const fact = find_fact(key);
  const bool vector = fact != nullptr && fact->element_count() > 1;
  const std::string path = "proc/sys/" + name->path();
  const auto text = vector ? read_settled(files, path) : files.read(path);
  if (!text) return tl::unexpected(text.error());
  return parse::sysctl_value(*text);
}

void read_counters(FileSource& files, HostSnapshot& host) {
  host.netstat = read_with(files, "proc/net/netstat", parse::counters);
  host.snmp = read_with(files, "proc/net/snmp", parse::counters);
  host.snmp6 = read_with(files, "proc/net/snmp6", parse::counters_ipv6);
  host.sockets = read_with(files, "proc/net/sockstat", parse::sockstat);
  host.softnet = read_with(files, "proc/net/softnet_stat", parse::softnet_stat);
  host.conntrack = read_with(files, "proc/net/stat/nf_conntrack", parse::nf_conntrack);
  host.virtual_services = read_with(files, "proc/net/ip_vs", parse::virtual_services);
}

std::optional<std::string> read_container(FileSource& files) {
  if (const auto name = files.read("run/systemd/container")) {
    return std::string(parse::trim(*name));
  }
  if (files.read(".dockerenv")) return "docker";
  if (files.read("run/.containerenv")) return "podman";
  return std::nullopt;
}

void describe_live(const LiveSystem& live, HostSnapshot& host) {
  const auto page_size = PageSize::from(Bytes(live.page_size));
  if (page_size) host.page_size = *page_size;
  host.architecture = live.architecture;
}

void describe_captured(FileSource& files, HostSnapshot& host) {
  const auto capture = read_with(files, "capture.toml", parse::capture);
  if (!capture) {
    host.page_size = tl::unexpected(capture.error());
    return;
  }
  host.page_size = capture->page_size;
  if (!host.page_size) host.page_size.error().source = "page_size in capture.toml";
  host.architecture = capture->architecture;
  if (capture->network_namespace) host.network_namespace = *capture->network_namespace;
}

constexpr std::string_view kPrefix = "/tcp_";

/// The names behind "kernel/net/ipv4/tcp_bbr.ko.xz: ..." in modules.dep (depmod(8)).
Observed<std::vector<std::string>> read_congestion_modules(FileSource& files,
                                                           const std::string& release) {
  std::vector<std::string> names;
  const auto take = [&names](std::string_view line) {
    const std::string_view file = line.substr(0, line.find(':'));
    const auto start = file.rfind(kPrefix);
    const auto end = file.rfind(".ko");
    if (start == std::string_view::npos || end == std::string_view::npos) return true;
    const auto first = start + kPrefix.size();
    if (first < end) names.emplace_back(file.substr(first, end - first));
    return true;
  };
  const auto read = files.read_lines("lib/modules/" + release + "/modules.dep", take);
  if (!read) return tl::unexpected(read.error());
  return names;
}

/// A key that exists only in the initial network namespace (net/core/sysctl_net_core.c).
constexpr const char* kInitialOnly = "net.core.netdev_max_backlog";
constexpr const char* kEverywhere = "net.core.somaxconn";

}  // namespace

Observed<SysctlValue> read_one(FileSource& files, const std::string& key) {
  return read_sysctl(files, key);
}

LiveSystem read_live_system() {
  utsname name = {};
  ::uname(&name);
  return {.page_size = ::sysconf(_SC_PAGESIZE), .architecture = name.machine};
}

HostSnapshot read_host(FileSource& files, const std::string& root,
                       const std::optional<LiveSystem>& live, const Reading& reading) {
  HostSnapshot host;
  host.root = root;
  for (const std::string& key : reading.keys) host.set_sysctl(key, read_sysctl(files, key));
  // A tree without any sysctl tells nothing.
  const bool child = !read_sysctl(files, kInitialOnly) && read_sysctl(files, kEverywhere);
  host.network_namespace = child ? NetworkNamespace::child : NetworkNamespace::initial;
  if (live) {
    describe_live(*live, host);
  } else {
    describe_captured(files, host);
  }
  host.hostname = read_with(files, "proc/sys/kernel/hostname", [](std::string_view text) {
    return Observed<std::string>(parse::trim(text));
  });
  host.kernel = read_with(files, "proc/sys/kernel/osrelease", parse::kernel_release);
  host.memory = read_with(files, "proc/meminfo", parse::meminfo_total);
  host.uptime = read_with(files, "proc/uptime", parse::uptime);
  host.files = read_with(files, "proc/sys/fs/file-nr", parse::file_nr);
  const std::string own = reading.limits_of > 0 ? std::to_string(reading.limits_of) : "self";
  host.own_limit = read_with(files, "proc/" + own + "/limits", parse::open_file_limit);
  host.init_limit = read_with(files, "proc/1/limits", parse::open_file_limit);
  host.container = read_container(files);
  read_counters(files, host);
  const Kernel kernel = live ? Kernel::running : Kernel::captured;
  read_sockets(files, kernel, reading.sockets, host);
  read_flows(files, kernel, reading, host);
  read_evidence(files, kernel, reading, host);
  if (reading.congestion_modules && host.kernel) {
    host.congestion_modules = read_congestion_modules(files, host.kernel->text);
  }
  return host;
}

HostSnapshot read_counters_again(FileSource& files, Kernel kernel, const HostSnapshot& before) {
  HostSnapshot after = before;
  read_counters(files, after);
  read_evidence_again(files, kernel, after);
  after.uptime = read_with(files, "proc/uptime", parse::uptime);
  return after;
}

}  // namespace tuner::os
