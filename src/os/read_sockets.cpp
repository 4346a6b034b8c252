#include "os/read_sockets.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "read/sockets.hpp"
#include "sockets/close_wait.hpp"
#include "sockets/room.hpp"
#include "sockets/surveyor.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

using Details = SocketSource::Details;

/// Hands on the sockets of both families; IPv6 may be switched off.
template <class Take>
Observed<void> for_each_udp(FileSource& files, Take take) {
  for (const std::string path : {"proc/net/udp", "proc/net/udp6"}) {
    Observed<void> outcome;
    bool header = true;
    const auto read = files.read_lines(path, [&](std::string_view line) {
      if (std::exchange(header, false) || line.empty()) return true;
      const auto socket = parse::proc_udp_line(line);
      if (socket) {
        take(*socket);
      } else {
        outcome = tl::unexpected(socket.error());
      }
      return outcome.has_value();
    });
    if (!read) outcome = tl::unexpected(read.error());
    if (outcome) continue;
    if (path.ends_with('6') && outcome.error().why == Unread::Why::absent) continue;
    outcome.error().source = "/" + path;
    return outcome;
  }
  return {};
}

/// What a port is listened on by; the loopback counts only where nothing else does.
using Ports = std::map<std::pair<std::int64_t, Transport>, bool>;

void add(const Address& address, std::uint16_t port, Transport transport, Ports& ports) {
  const bool loopback = address.is_loopback();
  const auto [place, fresh] = ports.emplace(std::pair(std::int64_t{port}, transport), loopback);
  if (!fresh && !loopback) place->second = false;
}

/// The ports that TCP listens on, and those of UDP; what UDP lost stands in the same file.
void read_udp(FileSource& files, Ports ports, HostSnapshot& host) {
  std::vector<UdpDrops> drops;
  const auto outcome = for_each_udp(files, [&](const parse::UdpSocket& socket) {
    if (socket.drops > 0) drops.push_back({socket.local, socket.drops, socket.inode});
    if (socket.connected || socket.local.port == 0) return;
    add(socket.local.address, socket.local.port, Transport::udp, ports);
  });
  if (!outcome) {
    host.listening = tl::unexpected(outcome.error());
    host.udp_drops = tl::unexpected(outcome.error());
    return;
  }
  std::vector<ListeningPort> listening;
  for (const auto& [port, loopback_only] : ports) {
    listening.push_back(
        {.port = port.first, .transport = port.second, .loopback_only = loopback_only});
  }
  host.listening = std::move(listening);
  host.udp_drops = std::move(drops);
}

Observed<Ports> read_listening(SocketSource& source) {
  Ports ports;
  const auto told = source.for_each(mask_of(TcpState::listen), Details::left_out,
                                    [&ports](const TcpSocket& socket) {
                                      add(socket.local, socket.local_port, Transport::tcp, ports);
                                    });
  if (!told) return tl::unexpected(told.error());
  return ports;
}

/// The CLOSE_WAIT sockets by process. Only where there are any is tcp_info asked for, and the
/// process table walked.
Observed<std::vector<CloseWaitGroup>> read_close_wait(SocketSource& source, ProcessTable& table,
                                                      const std::vector<TcpListener>& listeners) {
  std::vector<TcpSocket> sockets;
  const auto told =
      source.for_each(mask_of(TcpState::close_wait), Details::wanted,
                      [&sockets](const TcpSocket& socket) { sockets.push_back(socket); });
  if (!told) return tl::unexpected(told.error());
  const auto inodes = inodes_to_find(sockets, listeners);
  return close_wait_groups(sockets, listeners, inodes, owners_of(table, inodes));
}

SurveyRequest request_for(const HostSnapshot& host) {
  SurveyRequest request;
  const auto room = port_room(host, nullptr);
  if (!room) return request;
  request.peers = SurveyRequest::Peers::counted;
  request.range = room->range;
  request.reuse_delay = room->delay;
  return request;
}

/// Whether it matters if peers have timestamps: where ports run short and would be taken again.
bool timestamps_matter(const HostSnapshot& host, const Surveyor& surveyor) {
  const auto room = port_room(host, nullptr);
  return room && room->reuse != PortRoom::Reuse::off && surveyor.has_group_above(room->ports / 2);
}

}  // namespace

Observed<TcpSurvey> read_survey(SocketSource& source, ProcessTable& table, const SurveyQuery& query,
                                const HostSnapshot& host) {
  const SurveyRequest request =
      query.peers == SurveyRequest::Peers::counted ? request_for(host) : SurveyRequest();
  const bool peers = request.peers == SurveyRequest::Peers::counted;
  const TcpStates bound = peers ? mask_of(TcpState::bound_inactive) : 0;
  Surveyor surveyor(request);
  // Listeners always: they tell which connections are incoming.
  auto told = source.for_each(query.states | mask_of(TcpState::listen) | bound, Details::left_out,
                              [&surveyor](const TcpSocket& socket) { surveyor.add(socket); });
  if (!told) return tl::unexpected(told.error());
  using Timestamps = SurveyQuery::Timestamps;
  const bool timestamps =
      query.timestamps == Timestamps::wanted ||
      (query.timestamps == Timestamps::where_they_matter && timestamps_matter(host, surveyor));
  if (peers && timestamps) {
    constexpr TcpStates kLive = mask_of(TcpState::established) | mask_of(TcpState::close_wait) |
                                mask_of(TcpState::fin_wait_1) | mask_of(TcpState::fin_wait_2);
    told = source.for_each(kLive, Details::wanted,
                           [&surveyor](const TcpSocket& socket) { surveyor.add_details(socket); });
    if (!told) return tl::unexpected(told.error());
  }
  TcpSurvey survey = surveyor.finish();
  const bool by_process = query.close_wait == SurveyQuery::CloseWait::by_process;
  if (by_process && survey.count(TcpState::close_wait) > 0) {
    auto groups = read_close_wait(source, table, survey.listeners);
    if (!groups) return tl::unexpected(groups.error());
    survey.close_wait = std::move(*groups);
  }
  if (!source.tells_limits()) {
    for (TcpListener& listener : survey.listeners) listener.limit.reset();
  }
  return survey;
}

Observed<std::vector<ProcessFiles>> read_socket_holders(SocketSource& source, ProcessTable& table,
                                                        TcpStates states) {
  std::vector<std::uint32_t> inodes;
  // A socket in TIME_WAIT belongs to nobody.
  const auto told = source.for_each(states & ~mask_of(TcpState::time_wait), Details::left_out,
                                    [&inodes](const TcpSocket& socket) {
                                      if (socket.inode != 0) inodes.push_back(socket.inode);
                                    });
  if (!told) return tl::unexpected(told.error());
  std::sort(inodes.begin(), inodes.end());
  std::vector<std::pair<int, std::int64_t>> held_by;
  table.for_each_holder(inodes, [&held_by](int pid, const std::vector<std::uint32_t>& held) {
    held_by.emplace_back(pid, static_cast<std::int64_t>(held.size()));
    return true;
  });
  std::vector<ProcessFiles> holders;
  for (const auto& [pid, sockets] : held_by) {
    auto files = table.files_of(pid);
    if (!files) continue;
    files->sockets = sockets;
    holders.push_back(std::move(*files));
  }
  std::stable_sort(holders.begin(), holders.end(), [](const auto& left, const auto& right) {
    return left.open_files > right.open_files;
  });
  return holders;
}

void name_listeners(ProcessTable& table, std::vector<TcpListener>& listeners,
                    const std::function<bool(const TcpListener&)>& wanted) {
  std::vector<std::uint32_t> inodes;
  for (const TcpListener& listener : listeners) {
    if (listener.inode != 0 && wanted(listener)) inodes.push_back(listener.inode);
  }
  std::sort(inodes.begin(), inodes.end());
  const auto owners = owners_of(table, inodes);
  for (TcpListener& listener : listeners) {
    const auto found = std::lower_bound(inodes.begin(), inodes.end(), listener.inode);
    if (found == inodes.end() || *found != listener.inode) continue;
    listener.owner = owners[static_cast<std::size_t>(found - inodes.begin())];
  }
}

namespace {

void name_udp(ProcessTable& table, std::vector<UdpDrops>& sockets) {
  std::vector<std::uint32_t> inodes;
  inodes.reserve(sockets.size());
  for (const UdpDrops& socket : sockets) inodes.push_back(socket.inode);
  std::sort(inodes.begin(), inodes.end());
  const auto owners = owners_of(table, inodes);
  for (UdpDrops& socket : sockets) {
    const auto found = std::lower_bound(inodes.begin(), inodes.end(), socket.inode);
    socket.owner = owners[static_cast<std::size_t>(found - inodes.begin())];
  }
}

}  // namespace

Observed<std::vector<UdpDrops>> read_udp_drops(FileSource& files) {
  std::vector<UdpDrops> drops;
  const auto outcome = for_each_udp(files, [&drops](const parse::UdpSocket& socket) {
    if (socket.drops > 0) drops.push_back({socket.local, socket.drops, socket.inode});
  });
  if (!outcome) return tl::unexpected(outcome.error());
  return drops;
}

void read_sockets(FileSource& files, Kernel kernel, Reading::Sockets asked, HostSnapshot& host) {
  if (asked == Reading::Sockets::none) return;
  const auto source = socket_source(files, kernel);
  if (asked == Reading::Sockets::listening) {
    auto ports = read_listening(*source);
    if (!ports) {
      host.listening = tl::unexpected(ports.error());
      return;
    }
    return read_udp(files, std::move(*ports), host);
  }
  const auto table = process_table(files, kernel);
  const bool all = asked == Reading::Sockets::everything;
  host.tcp = read_survey(*source, *table,
                         {.timestamps = all ? SurveyQuery::Timestamps::wanted
                                            : SurveyQuery::Timestamps::where_they_matter},
                         host);
  if (!host.tcp) {
    host.listening = tl::unexpected(host.tcp.error());
    return;
  }
  Ports ports;
  for (const TcpListener& listener : host.tcp->listeners) {
    add(listener.address, listener.port, Transport::tcp, ports);
  }
  read_udp(files, std::move(ports), host);
  if (host.udp_drops) name_udp(*table, *host.udp_drops);
  name_listeners(*table, host.tcp->listeners,
                 [all](const TcpListener& listener) { return all || listener.is_full(); });
}

}  // namespace tuner::os
