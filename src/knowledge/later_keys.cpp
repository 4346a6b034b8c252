#include "knowledge/later_keys.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace tuner {

namespace {

// From tests/hosts: what Debian's 5.10, 6.1, 6.12 and 7.2 have below /proc/sys/net on the same
// machine. Keys of modules that not each of them had loaded are left out.
constexpr auto kLater = std::to_array<LaterKey>({
    {"net.core.netdev_unregister_timeout_secs", {5, 10}, {6, 1}},
    {"net.core.txrehash", {5, 10}, {6, 1}},
    {"net.ipv4.conf.*.arp_evict_nocarrier", {5, 10}, {6, 1}},
    {"net.ipv4.fib_multipath_hash_fields", {5, 10}, {6, 1}},
    {"net.ipv4.fib_notify_on_flag_change", {5, 10}, {6, 1}},
    {"net.ipv4.icmp_echo_enable_probe", {5, 10}, {6, 1}},
    {"net.ipv4.neigh.*.interval_probe_time_ms", {5, 10}, {6, 1}},
    {"net.ipv4.tcp_tso_rtt_log", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.accept_untracked_na", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.ioam6_enabled", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.ioam6_id", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.ioam6_id_wide", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.ndisc_evict_nocarrier", {5, 10}, {6, 1}},
    {"net.ipv6.conf.*.ra_defrtr_metric", {5, 10}, {6, 1}},
    {"net.ipv6.fib_multipath_hash_fields", {5, 10}, {6, 1}},
    {"net.ipv6.fib_notify_on_flag_change", {5, 10}, {6, 1}},
    {"net.ipv6.ioam6_id", {5, 10}, {6, 1}},
    {"net.ipv6.ioam6_id_wide", {5, 10}, {6, 1}},
    {"net.ipv6.neigh.*.interval_probe_time_ms", {5, 10}, {6, 1}},
    {"net.core.rps_default_mask", {6, 1}, {6, 12}},
    {"net.ipv4.fib_multipath_hash_seed", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_backlog_ack_defer", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_pingpong_thresh", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_plb_cong_thresh", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_plb_enabled", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_plb_idle_rehash_rounds", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_plb_rehash_rounds", {6, 1}, {6, 12}},
    {"net.ipv4.tcp_plb_suspend_rto_sec", {6, 1}, {6, 12}},
    {"net.ipv4.udp_child_hash_entries", {6, 1}, {6, 12}},
    {"net.ipv4.udp_hash_entries", {6, 1}, {6, 12}},
    {"net.ipv6.conf.*.ra_honor_pio_life", {6, 1}, {6, 12}},
    {"net.ipv6.conf.*.ra_honor_pio_pflag", {6, 1}, {6, 12}},
    {"net.ipv6.conf.*.regen_min_advance", {6, 1}, {6, 12}},
    {"net.ipv6.icmp.error_anycast_as_unicast", {6, 1}, {6, 12}},
    {"net.core.bypass_prot_mem", {6, 12}, {7, 2}},
    {"net.core.qdisc_max_burst", {6, 12}, {7, 2}},
    {"net.core.txq_reselection_ms", {6, 12}, {7, 2}},
    {"net.ipv4.icmp_errors_extension_mask", {6, 12}, {7, 2}},
    {"net.ipv4.ip_local_port_step_width", {6, 12}, {7, 2}},
    {"net.ipv4.tcp_comp_sack_rtt_percent", {6, 12}, {7, 2}},
    {"net.ipv4.tcp_ecn_option", {6, 12}, {7, 2}},
    {"net.ipv4.tcp_ecn_option_beacon", {6, 12}, {7, 2}},
    {"net.ipv4.tcp_rcvbuf_low_rtt", {6, 12}, {7, 2}},
    {"net.ipv6.conf.*.force_forwarding", {6, 12}, {7, 2}},
    {"net.ipv6.icmp.errors_extension_mask", {6, 12}, {7, 2}},
    {"net.mptcp.add_addr_v6_port_drop_ts", {6, 12}, {7, 2}},
});

/// "net.ipv4.conf.eth0.x" to "net.ipv4.conf.*.x".
std::string without_interface(std::string_view key) {
  for (const std::string_view directory : {".conf.", ".neigh."}) {
    const auto at = key.find(directory);
    if (at == std::string_view::npos) continue;
    const std::string_view head = key.substr(0, at + directory.size());
    return std::string(head).append("*").append(key.substr(key.rfind('.')));
  }
  return std::string(key);
}

}  // namespace

std::span<const LaterKey> later_keys() { return kLater; }

const LaterKey* find_later_key(std::string_view key) {
  const std::string general = without_interface(key);
  const auto* const found =
      std::find_if(kLater.begin(), kLater.end(),
                   [&general](const LaterKey& later) { return later.key == general; });
  return found == kLater.end() ? nullptr : &*found;
}

}  // namespace tuner
