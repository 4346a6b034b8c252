#include "knowledge/constraints.hpp"

#include <algorithm>

#include "knowledge/key_name.hpp"
#include "knowledge/thresholds.hpp"

namespace tuner {

namespace constraints {

constexpr std::string_view kUnprivileged = "net.ipv4.ip_unprivileged_port_start";

const Constraint kRangeForward{
    .name = "range-forward",
    .keys = {kPortRange},
    .what = "The range of local ports ends at or above its beginning.",
    .breach = Breach::refused,
    .source = "net/ipv4/sysctl_net_ipv4.c ipv4_local_port_range()",
    .holds = [](std::span<const std::int64_t> range) { return range[0] <= range[1]; },
};

const Constraint kRangeUnprivileged{
    .name = "range-unprivileged",
    .keys = {kPortRange, kUnprivileged},
    .what = "The range of local ports begins at or above the first port that a user may take.",
    .breach = Breach::refused,
    .since = {4, 11},
    .source = "net/ipv4/sysctl_net_ipv4.c ipv4_local_port_range(), ipv4_privileged_ports()",
    .holds = [](std::span<const std::int64_t> firsts) { return firsts[0] >= firsts[1]; },
};

const Constraint kThresholdsRise{
    .name = "thresholds-rise",
    .keys = {"gc_thresh1", "gc_thresh2", "gc_thresh3"},
    .what = "The thresholds of a neighbour table rise.",
    .source = "net/core/neighbour.c neigh_alloc(), neigh_forced_gc()",
    .holds =
        [](std::span<const std::int64_t> thresholds) {
          return std::is_sorted(thresholds.begin(), thresholds.end());
        },
};

const Constraint kBucketsSuffice{
    .name = "buckets-suffice",
    .keys = {"net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets"},
    .what = "Connection tracking has a bucket for every four connections of its maximum.",
    .source = "net/netfilter/nf_conntrack_core.c nf_conntrack_init_start()",
    .holds =
        [](std::span<const std::int64_t> sizes) {
          return sizes[0] / judge::threshold::kConntrackChain <= sizes[1];
        },
};

const Constraint kReuseHasStamps{
    .name = "reuse-has-stamps",
    .keys = {"net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"},
    .what = "tcp_tw_reuse = 1 requires timestamps, without which no port is reused.",
    .source = "net/ipv4/tcp_ipv4.c tcp_twsk_unique(); measured: no reuse at all",
    .holds = [](std::span<const std::int64_t> flags) { return flags[0] != 1 || flags[1] != 0; },
};

const Constraint kMaximumIsReached{
    .name = "maximum-is-reached",
    .keys = {"net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_rmem"},
    .what = "Receive buffers grow from the default of tcp_rmem to its maximum.",
    .source = "net/ipv4/tcp_input.c tcp_rcv_space_adjust(), tcp_rcvbuf_grow()",
    .holds = [](std::span<const std::int64_t> elements) { return elements[0] != 0; },
};

}  // namespace constraints

std::span<const Constraint* const> all_constraints() {
  using namespace constraints;
  static constexpr const Constraint* kAll[] = {&kRangeForward,   &kRangeUnprivileged,
                                               &kThresholdsRise, &kBucketsSuffice,
                                               &kReuseHasStamps, &kMaximumIsReached};
  return kAll;
}

bool must_rise(const Fact& fact) {
  constexpr std::string_view kFirst[] = {"min", "first", "low"};
  return !fact.elements.empty() &&
         std::find(std::begin(kFirst), std::end(kFirst), fact.elements[0]) != std::end(kFirst);
}

std::optional<std::size_t> first_fall(std::span<const std::int64_t> elements) {
  const auto falls = std::is_sorted_until(elements.begin(), elements.end());
  if (falls == elements.end()) return std::nullopt;
  return static_cast<std::size_t>(falls - elements.begin()) - 1;
}

}  // namespace tuner
