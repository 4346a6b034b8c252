#include "sockets/surveyor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "sockets/room.hpp"

namespace tuner {

namespace {

/// Each has 8 KiB of ports.
constexpr std::size_t kMostLocals = 256;

template <class Groups>
auto values_of(const Groups& groups, auto size) {
  std::vector<typename Groups::mapped_type> values;
  values.reserve(groups.size());
  for (const auto& [key, group] : groups) values.push_back(group);
  std::sort(values.begin(), values.end(), [size](const auto& left, const auto& right) {
    if (size(left) != size(right)) return size(left) > size(right);
    if (left.remote != right.remote) return left.remote < right.remote;
    return left.remote_port < right.remote_port;
  });
  return values;
}

/// connect() takes ports for each peer by itself: one after the other from a place of that peer's
/// own, of one parity until those are used up (__inet_hash_connect()). So the connections of each
/// peer are a run among half of the ports, and with many runs, or long ones, some overlap. This is
/// the chance that none does.
double chance_of_no_overlap(std::int64_t sockets, std::int64_t peers, double range) {
  const double covered = static_cast<double>(sockets) / (range / 2);
  return covered >= 1 ? 0 : std::pow(1 - covered, static_cast<double>(peers - 1));
}

}  // namespace

std::size_t Surveyor::Hash::operator()(const PeerKey& key) const {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = (std::uint64_t{key.interface} << 16U) | key.remote_port;
  for (const Address* const address : {&key.local, &key.remote}) {
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), address->bytes.data(), sizeof halves);
    for (const std::uint64_t half : halves) {
      hash = (hash ^ half) * kMultiplier;
      hash ^= hash >> 29U;
    }
  }
  return hash;
}

std::size_t Surveyor::Hash::operator()(const Address& address) const {
  return (*this)(PeerKey{.local = address});
}

void Surveyor::bind(std::uint16_t port) {
  if (is_bound_[port]) return;
  is_bound_.set(port);
  bound_.push_back({port, port});
}

void Surveyor::add_listener(const TcpSocket& socket) {
  services_.set(socket.local_port);
  bind(socket.local_port);
  survey_.listeners.push_back({.address = socket.local,
                               .port = socket.local_port,
                               .queued = socket.receive_queue,
                               .limit = socket.send_queue,
                               .inode = socket.inode});
}

void Surveyor::add_peer(const TcpSocket& socket) {
  const bool same = last_ != nullptr && last_->remote_port == socket.remote_port &&
                    last_->remote == socket.remote && last_->local == socket.local &&
                    last_->interface == socket.interface;
  if (!same) {
    last_ = &peers_[PeerKey{socket.local, socket.remote, socket.remote_port, socket.interface}];
    last_->local = socket.local;
    last_->remote = socket.remote;
    last_->remote_port = socket.remote_port;
    last_->interface = socket.interface;
  }
  PeerGroup& group = *last_;
  const bool waits = socket.state == TcpState::time_wait;
  ++(waits ? group.time_wait : group.in_use);
  if (waits && kTimeWait - socket.expires < request_.reuse_delay) ++group.fresh;
  const bool inside =
      socket.local_port >= request_.range.first && socket.local_port <= request_.range.last;
  if (!inside) return;
  ++group.inside;
  if (locals_.size() < kMostLocals || locals_.contains(socket.local)) {
    LocalPorts& own = locals_[socket.local];
    own.ports.set(socket.local_port);
    ++own.sockets;
  }
}

/// Ports that connect() chooses are shared by peers, ports that bind() chose are not: towards one
/// address the kernel takes any port that is free for that peer. So where many sockets of a local
/// address hardly share a port, although chance would have had them share many, the address was
/// bound first, and its ports run out for all peers together. It is worked out at the end, from
/// sums of squares, since the sockets are seen once and not kept.
void Surveyor::find_bound_addresses() {
  struct Sums {
    double squares = 0;
    std::int64_t peers = 0;
  };
  std::unordered_map<Address, Sums, Hash> sums;
  for (const auto& [key, group] : peers_) {
    Sums& own = sums[key.local];
    own.squares += static_cast<double>(group.inside) * static_cast<double>(group.inside);
    ++own.peers;
  }
  const auto range = static_cast<double>(request_.range.last - request_.range.first + 1);
  for (const auto& [local, ports] : locals_) {
    // Our choice, all three.
    constexpr double kEnough = 10;
    constexpr double kByChance = 0.001;
    constexpr double kFewShared = 0.1;  // of what chance would have
    const auto sockets = static_cast<double>(ports.sockets);
    const double expected = (sockets * sockets - sums[local].squares) / (2 * range);
    const auto different = static_cast<std::int64_t>(ports.ports.count());
    const auto shared = static_cast<double>(ports.sockets - different);
    if (chance_of_no_overlap(ports.sockets, sums[local].peers, range) > kByChance) continue;
    if (expected < kEnough || shared > expected * kFewShared) continue;
    survey_.bound_addresses.push_back(
        {.local = local, .ports = different, .peers = sums[local].peers});
    for (auto& [key, group] : peers_) {
      if (key.local == local) group.bound = different;
    }
  }
  std::sort(survey_.bound_addresses.begin(), survey_.bound_addresses.end(),
            [](const auto& left, const auto& right) { return left.local < right.local; });
}

void Surveyor::count(const TcpSocket& socket, bool incoming) {
  ConnectionCensus& census = survey_.census;
  const bool waits = socket.state == TcpState::time_wait;
  if (waits) {
    ++(incoming ? survey_.time_wait_on_service_ports : survey_.time_wait_on_chosen_ports);
  }
  if (!waits && socket.state != TcpState::established) return;
  if (socket.local.is_loopback()) {
    ++census.loopback;
  } else if (waits) {
    ++(incoming ? census.time_wait_in : census.time_wait_out);
  } else {
    ++(incoming ? census.established_in : census.established_out);
  }
}

void Surveyor::add(const TcpSocket& socket) {
  const bool request = socket.state == TcpState::new_syn_recv;
  ++survey_.states[static_cast<std::size_t>(request ? TcpState::syn_recv : socket.state)];
  if (socket.state == TcpState::listen) return add_listener(socket);
  if (socket.state == TcpState::bound_inactive) {
    bind(socket.local_port);
    return;
  }
  const bool incoming = services_[socket.local_port];
  count(socket, incoming);
  if (socket.remote_port == 0) return;  // neither connected nor about to be
  if (socket.state == TcpState::syn_sent && socket.retransmissions > 0) {
    UnansweredPeer& peer = unanswered_[PeerKey{{}, socket.remote, socket.remote_port, 0}];
    peer.remote = socket.remote;
    peer.remote_port = socket.remote_port;
    ++peer.sockets;
    peer.most_retransmissions = std::max(peer.most_retransmissions, socket.retransmissions);
  }
  const bool counted = request_.peers == SurveyRequest::Peers::counted;
  if (counted && !incoming && !request && socket.state != TcpState::syn_recv) add_peer(socket);
}

void Surveyor::add_details(const TcpSocket& socket) {
  if (!socket.details || socket.state == TcpState::syn_sent) return;
  const auto found =
      peers_.find(PeerKey{socket.local, socket.remote, socket.remote_port, socket.interface});
  if (found == peers_.end()) return;
  PeerTimestamps& known = found->second.timestamps;
  // One connection without them is enough: its port will not be taken again.
  if (known == PeerTimestamps::off) return;
  known = socket.details->timestamps ? PeerTimestamps::on : PeerTimestamps::off;
}

bool Surveyor::has_group_above(std::int64_t ports) const {
  return std::any_of(peers_.begin(), peers_.end(),
                     [ports](const auto& peer) { return peer.second.inside > ports; });
}

TcpSurvey Surveyor::finish() {
  // Connections that a listener took which is gone, and ports that bind() chose: they take nothing
  // from the range.
  std::erase_if(peers_, [](const auto& peer) { return peer.second.inside == 0; });
  find_bound_addresses();
  survey_.peers =
      values_of(peers_, [](const PeerGroup& group) { return group.in_use + group.time_wait; });
  survey_.unanswered =
      values_of(unanswered_, [](const UnansweredPeer& peer) { return peer.sockets; });
  survey_.bound = normalized(std::move(bound_));
  return std::move(survey_);
}

}  // namespace tuner
