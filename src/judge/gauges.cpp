#include "judge/gauges.hpp"

#include <algorithm>

#include "judge/level.hpp"
#include "judge/weigh.hpp"
#include "sockets/room.hpp"
#include "tuner/gauge.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr std::size_t kMostOfAKind = 5;

void add(std::vector<Gauge>& gauges, Gauge gauge) {
  if (gauge.limit > 0 && gauge.used >= 0) gauges.push_back(std::move(gauge));
}

/// The fullest first, and no more than a handful.
void add_fullest(std::vector<Gauge>& gauges, std::vector<Gauge> some) {
  std::stable_sort(some.begin(), some.end(), [](const Gauge& left, const Gauge& right) {
    return static_cast<double>(left.used) / static_cast<double>(left.limit) >
           static_cast<double>(right.used) / static_cast<double>(right.limit);
  });
  if (some.size() > kMostOfAKind) some.resize(kMostOfAKind);
  gauges.insert(gauges.end(), some.begin(), some.end());
}

void add_level(std::vector<Gauge>& gauges, const char* name, const char* setting,
               const Observed<judge::Level>& level, const char* unit) {
  if (!level) return;
  add(gauges,
      {.name = name, .setting = setting, .used = level->used, .limit = level->limit, .unit = unit});
}

void add_tables(std::vector<Gauge>& gauges, const HostSnapshot& host) {
  add_level(gauges, "TIME_WAIT", "net.ipv4.tcp_max_tw_buckets", judge::time_wait_level(host),
            "connections");
  add_level(gauges, "orphans", "net.ipv4.tcp_max_orphans", judge::orphan_level(host),
            "connections");
  add_level(gauges, "TCP memory", "net.ipv4.tcp_mem", judge::tcp_memory_level(host), "pages");
  add_level(gauges, "connection tracking", "net.netfilter.nf_conntrack_max",
            judge::conntrack_level(host), "entries");
  for (const judge::NeighbourFamily& family : judge::kNeighbourFamilies) {
    add_level(gauges, family.name, family.key, judge::neighbour_level(family, host), "entries");
  }
  // Without a limit it is the largest number there is, and a bar says nothing.
  constexpr std::int64_t kNoLimit = std::int64_t{1} << 40;
  const auto files = judge::file_level(host);
  if (files && files->limit < kNoLimit) {
    add_level(gauges, "open files of the host", "fs.file-max", files, "files");
  }
}

void add_listeners(std::vector<Gauge>& gauges, const TcpSurvey& survey) {
  std::vector<Gauge> queues;
  for (const TcpListener& listener : survey.listeners) {
    if (!listener.limit) continue;
    add(queues, {.name = "accept queue " + endpoint_text(listener.address, listener.port),
                 .setting = "net.core.somaxconn, listen()",
                 .used = listener.queued,
                 .limit = *listener.limit,
                 .unit = "connections",
                 // The kernel takes one more than the limit.
                 .end = std::int64_t{*listener.limit} + 1});
  }
  add_fullest(gauges, std::move(queues));
}

void add_peers(std::vector<Gauge>& gauges, const HostSnapshot& host, const TcpSurvey& survey) {
  const auto room = port_room(host, &survey);
  if (!room) return;
  std::vector<Gauge> peers;
  for (const PeerGroup& peer : survey.peers) {
    add(peers, {.name = "local ports to " + endpoint_text(peer.remote, peer.remote_port),
                .setting = "net.ipv4.ip_local_port_range",
                .used = PortRoom::held(peer),
                .limit = room->ports,
                .unit = "ports",
                .pressing = room->taken(peer)});
  }
  add_fullest(gauges, std::move(peers));
}

void add_processes(std::vector<Gauge>& gauges, const OpenFileSurvey& survey) {
  std::vector<Gauge> processes;
  for (const ProcessFiles& process : survey.near) {
    if (!process.soft) continue;
    add(processes, {.name = "open files of " + process.process.comm + ", pid " +
                            std::to_string(process.process.pid),
                    .setting = "RLIMIT_NOFILE",
                    .used = process.open_files,
                    .limit = *process.soft,
                    .unit = "files"});
  }
  add_fullest(gauges, std::move(processes));
}

}  // namespace

std::optional<Severity> fill_of(const Gauge& gauge) {
  return judge::weigh_fill(gauge.pressing.value_or(gauge.used), gauge.end.value_or(gauge.limit));
}

std::vector<Gauge> gauges_of(const HostSnapshot& host) {
  std::vector<Gauge> gauges;
  add_tables(gauges, host);
  if (host.tcp) {
    add_listeners(gauges, *host.tcp);
    add_peers(gauges, host, *host.tcp);
  }
  if (host.open_files) add_processes(gauges, *host.open_files);
  return gauges;
}

}  // namespace tuner
