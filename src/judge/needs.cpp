#include "judge/needs.hpp"

#include <algorithm>

#include "knowledge/share.hpp"
#include "tuner/fact.hpp"
#include "tuner/path.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr const char* kReceive = "net.ipv4.tcp_rmem";
constexpr const char* kSend = "net.ipv4.tcp_wmem";
constexpr const char* kReceiveCap = "net.core.rmem_max";
constexpr const char* kScaling = "net.ipv4.tcp_window_scaling";
constexpr const char* kModerate = "net.ipv4.tcp_moderate_rcvbuf";

constexpr std::string_view kKeys[] = {kReceive, kSend,     kReceiveCap,
                                      kScaling, kModerate, "net.ipv4.tcp_adv_win_scale"};

/// The last element, or the one before it for a receive buffer that does not grow. What is below
/// zero in a captured tree is no size.
Observed<Bytes> largest_buffer(const char* key, const HostSnapshot& host) {
  const auto numbers = host.numbers(key);
  if (!numbers) return tl::unexpected(numbers.error());
  const bool grows = key != kReceive || host.number(kModerate).value_or(1) != 0;
  const std::int64_t size = (*numbers)[grows ? 2 : 1];
  if (size < 0) return malformed("it is below zero");
  return Bytes(size);
}

/// The largest window of a connection of this host. Without scaling neither end scales: the option
/// has to be in both SYNs (RFC 7323 section 2.2).
Bytes largest_window(const char* key, const HostSnapshot& host) {
  if (host.number(kScaling).value_or(1) == 0) return announced_window(65535, 0);
  if (key == kSend) return kLargestWindow;
  const auto buffers = host.numbers(kReceive);
  const std::int64_t largest =
      std::max(buffers ? buffers->back() : 0, host.number(kReceiveCap).value_or(0));
  return announced_window(65535, offered_window_scale(largest));
}

/// Without scaled windows, or without buffers that grow, a larger maximum changes nothing.
std::string switched_off(const char* key, const HostSnapshot& host) {
  if (host.number(kScaling).value_or(1) == 0) return kScaling;
  if (key == kReceive && host.number(kModerate).value_or(1) == 0) return kModerate;
  return {};
}

BufferNeed need_of(const char* key, CarryingShare share, const PathNeeds& needs,
                   const HostSnapshot& host) {
  BufferNeed need{.key = key, .share = std::move(share), .running = largest_buffer(key, host)};
  need.wanted = std::min(buffer_for(needs.bdp, need.share), Bytes(kIntMax));
  need.held_by = switched_off(key, host);
  if (!need.running) return need;
  const Bytes window = largest_window(key, host);
  need.carries = std::min(part_of(*need.running, need.share.usual), window);
  need.at_most = std::min(part_of(*need.running, need.share.most), window);
  need.limit = rate_of(need.carries, needs.path.rtt);
  return need;
}

}  // namespace

PathNeeds needs_of(const Path& path, const HostSnapshot& host) {
  // A path has a byte in flight at least.
  PathNeeds needs{.path = path, .bdp = std::max(bandwidth_delay_product(path), Bytes(1))};
  needs.window_scale = window_scale_for(needs.bdp);
  needs.beyond_windows = needs.bdp > kLargestWindow;
  needs.receive = need_of(kReceive, receive_share(host), needs, host);
  needs.send = need_of(kSend, send_share(), needs, host);
  return needs;
}

std::span<const std::string_view> keys_of_path() { return kKeys; }

}  // namespace tuner
