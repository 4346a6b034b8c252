#include <algorithm>

#include "tuner/fact.hpp"
#include "tuner/path.hpp"

namespace tuner {

namespace {

constexpr const char* kReceive = "net.ipv4.tcp_rmem";
constexpr const char* kSend = "net.ipv4.tcp_wmem";
constexpr const char* kReceiveCap = "net.core.rmem_max";
constexpr const char* kScaling = "net.ipv4.tcp_window_scaling";
constexpr const char* kModerate = "net.ipv4.tcp_moderate_rcvbuf";

constexpr std::string_view kKeys[] = {kReceive, kSend,     kReceiveCap,
                                      kScaling, kModerate, "net.ipv4.tcp_adv_win_scale"};

/// The last element, or the one before it for a receive buffer that does not grow.
Observed<Bytes> largest_buffer(const char* key, const HostSnapshot& host) {
  const auto numbers = host.numbers(key);
  if (!numbers) return tl::unexpected(numbers.error());
  const bool grows = key != kReceive || host.number(kModerate).value_or(1) != 0;
  return Bytes((*numbers)[grows ? 2 : 1]);
}

/// The largest window that this host can announce.
Bytes announceable(const HostSnapshot& host) {
  if (host.number(kScaling).value_or(1) == 0) return announced_window(65535, 0);
  const auto buffers = host.numbers(kReceive);
  const std::int64_t largest =
      std::max(buffers ? buffers->back() : 0, host.number(kReceiveCap).value_or(0));
  return announced_window(65535, offered_window_scale(largest));
}

/// Without scaled windows, or without buffers that grow, a larger maximum changes nothing.
std::string switched_off(const HostSnapshot& host) {
  for (const char* const key : {kScaling, kModerate}) {
    if (host.number(key).value_or(1) == 0) return key;
  }
  return {};
}

BufferNeed need_of(const char* key, CarryingShare share, const PathNeeds& needs,
                   const HostSnapshot& host) {
  BufferNeed need{.key = key, .share = std::move(share), .running = largest_buffer(key, host)};
  need.wanted = std::min(buffer_for(needs.bdp, need.share), Bytes(kIntMax));
  if (key == kReceive) need.held_by = switched_off(host);
  if (!need.running) return need;
  need.carries = carried_by(*need.running, need.share);
  if (key == kReceive) need.carries = std::min(need.carries, announceable(host));
  need.limit = rate_of(need.carries, needs.path.rtt);
  return need;
}

}  // namespace

PathNeeds needs_of(const Path& path, const HostSnapshot& host) {
  PathNeeds needs{.path = path, .bdp = bandwidth_delay_product(path)};
  needs.window_scale = window_scale_for(needs.bdp);
  needs.beyond_windows = needs.bdp > kLargestWindow;
  needs.receive = need_of(kReceive, receive_share(host), needs, host);
  needs.send = need_of(kSend, send_share(), needs, host);
  return needs;
}

std::span<const std::string_view> keys_of_path() { return kKeys; }

}  // namespace tuner
