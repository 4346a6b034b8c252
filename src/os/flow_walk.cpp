#include "os/flow_walk.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "os/most_of.hpp"
#include "os/socket_source.hpp"

namespace tuner::os {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint64_t kMuch = 1 << 20;  // bytes that a connection is worth waiting for

microseconds walk_time() {
  return std::chrono::duration_cast<microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

Watched watched(const ListedFlow& flow) {
  Watched result{.name = flow.name,
                 .cookie = flow.cookie,
                 .rtt = std::max(flow.look.rtt, flow.look.receive_rtt)};
  result.tallier.add(flow.look, walk_time());
  return result;
}

bool moves_now(const FlowLook& look, milliseconds within) {
  return look.since_sent < within || look.since_received < within || look.send_queue > 0 ||
         look.receive_queue > 0;
}

/// How many connections there are to each peer, and on each port that something listens on. Peers
/// are told apart by a number made of their address and port: two that share one are next to
/// impossible, and would only be counted together.
class ConnectionCount {
 public:
  explicit ConnectionCount(const Services& services) : services_(services) {}

  void add(const ListedFlow& flow) {
    if (services_.test(flow.local.port)) {
      ++accepted_[flow.local.port];
    } else {
      opened_.push_back(number_of(flow.remote));
    }
  }

  [[nodiscard]] std::int64_t most() {
    std::int64_t most = *std::max_element(accepted_.begin(), accepted_.end());
    std::sort(opened_.begin(), opened_.end());
    for (auto begin = opened_.begin(); begin != opened_.end();) {
      const auto end = std::upper_bound(begin, opened_.end(), *begin);
      most = std::max(most, static_cast<std::int64_t>(end - begin));
      begin = end;
    }
    return most;
  }

 private:
  static std::uint64_t number_of(const Endpoint& peer) {
    constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), peer.address.bytes.data(), sizeof halves);
    return ((halves[0] * kFactor ^ halves[1]) + peer.port) * kFactor;
  }

  const Services& services_;
  std::vector<std::int64_t> accepted_ = std::vector<std::int64_t>(1 << 16);
  std::vector<std::uint64_t> opened_{};
};

}  // namespace

const Kept* Before::find(std::uint64_t cookie) {
  if (next_ < kept_.size() && kept_[next_].cookie == cookie) return &kept_[next_++];
  if (sorted_.empty()) {
    sorted_.reserve(kept_.size());
    for (std::size_t place = 0; place < kept_.size(); ++place) {
      sorted_.emplace_back(kept_[place].cookie, place);
    }
    std::sort(sorted_.begin(), sorted_.end());
  }
  const auto found =
      std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(cookie, std::size_t{0}));
  if (found == sorted_.end() || found->first != cookie) return nullptr;
  next_ = found->second + 1;
  return &kept_[found->second];
}

Observed<Services> read_services() {
  Services services;
  const auto told = NetlinkSockets().for_each(
      mask_of(TcpState::listen), SocketSource::Details::left_out,
      [&services](const TcpSocket& socket) { services.set(socket.local_port); });
  if (!told) return tl::unexpected(told.error());
  return services;
}

std::uint64_t moved_by(const FlowLook& look) { return look.acked + look.received; }

Observed<FirstWalk> walk_first(const Services& services) {
  constexpr milliseconds kNow{200};
  constexpr milliseconds kLately{1000};
  FirstWalk walk;
  MostOf<Watched> most(kMostWatched);
  ConnectionCount count(services);
  const auto told = for_each_flow([&](const ListedFlow& flow) {
    walk.before.add(flow);
    count.add(flow);
    ++walk.connections;
    const std::uint64_t moved = moved_by(flow.look);
    if (!moves_now(flow.look, kLately)) return;
    ++walk.active;
    most.add(moved, [&flow] { return watched(flow); });
    if (moved < kMuch || !moves_now(flow.look, kNow)) return;
    walk.much_moves = true;
    walk.much_moves_out = walk.much_moves_out || !flow.remote.address.is_loopback();
  });
  if (!told) return tl::unexpected(told.error());
  walk.most_connections = count.most();
  walk.watched = most.finish();
  return walk;
}

Observed<void> rank(FirstWalk& walk) {
  MostOf<Watched> most(kMostWatched);
  auto told = for_each_flow([&](const ListedFlow& flow) {
    const Kept* const kept = walk.before.find(flow.cookie);
    const std::uint64_t moved =
        moved_by(flow.look) - (kept == nullptr ? 0 : kept->acked + kept->received);
    if (moved > 0) most.add(moved, [&flow] { return watched(flow); });
  });
  if (!told) return told;
  walk.watched = most.finish();
  return {};
}

}  // namespace tuner::os
