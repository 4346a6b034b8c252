#include "sockets/rows.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "sockets/room.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/socket_report.hpp"

namespace tuner {

namespace {

using PeerName = std::tuple<Address, Address, std::uint16_t>;

PeerName name_of(const PeerGroup& peer) { return {peer.local, peer.remote, peer.remote_port}; }

std::map<PeerName, std::int64_t> sizes_of(const TcpSurvey* survey) {
  std::map<PeerName, std::int64_t> sizes;
  if (survey == nullptr) return sizes;
  for (const PeerGroup& peer : survey->peers) sizes[name_of(peer)] = peer.inside;
  return sizes;
}

/// Whole seconds until `left` are gone; no value where nothing grows.
std::optional<std::int64_t> time_until_full(std::int64_t left, std::int64_t grown,
                                            std::chrono::milliseconds interval) {
  if (grown <= 0 || interval.count() <= 0) return std::nullopt;
  const double seconds = static_cast<double>(left) * static_cast<double>(interval.count()) /
                         (1000.0 * static_cast<double>(grown));
  return static_cast<std::int64_t>(seconds);
}

}  // namespace

Observed<std::vector<PeerRow>> peer_rows(const HostSnapshot& host, const TcpSurvey& survey,
                                         const TcpSurvey* earlier,
                                         std::chrono::milliseconds interval) {
  const auto room = port_room(host, &survey);
  if (!room) return tl::unexpected(room.error());
  const auto before = sizes_of(earlier);
  std::vector<PeerRow> rows;
  rows.reserve(survey.peers.size());
  for (const PeerGroup& peer : survey.peers) {
    PeerRow row{.peer = peer,
                .available = room->available(peer),
                .connects_per_second = room->connects_per_second(peer)};
    if (earlier != nullptr) {
      const auto found = before.find(name_of(peer));
      const std::int64_t grown = peer.inside - (found == before.end() ? 0 : found->second);
      row.seconds_left = time_until_full(row.available, grown, interval);
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<ListenerRow> listener_rows(const HostSnapshot& host, const TcpSurvey& survey) {
  const auto somaxconn = host.number("net.core.somaxconn");
  std::vector<ListenerRow> rows;
  for (const TcpListener& listener : survey.listeners) {
    ListenerRow row{.listener = listener};
    if (listener.limit && somaxconn) {
      row.capped_by = *listener.limit >= *somaxconn ? CappedBy::somaxconn : CappedBy::application;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ProcessRow> process_rows(std::vector<ProcessFiles> holders, const TcpSurvey& survey) {
  std::vector<ProcessRow> rows;
  for (ProcessFiles& files : holders) {
    ProcessRow row{.files = std::move(files)};
    for (const CloseWaitGroup& group : survey.close_wait) {
      if (!group.owner || group.owner->pid != row.files.process.pid) continue;
      row.close_wait = group.sockets;
      if (group.oldest) {
        row.oldest_close_wait = std::chrono::floor<std::chrono::seconds>(*group.oldest);
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tuner
