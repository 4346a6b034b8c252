#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tuner {

/// What an audit does with the counters of one group. Every counter that a kernel from 5.10 to 7.2
/// prints is in one; tests/unit/counters_test.cpp holds that against what seven kernels printed.
struct CounterUse {
  /// Names with a space between them, under the prefix of their file: "TcpExt.", "IpExt.",
  /// "MPTcpExt." (netstat), "Ip.", "Icmp.", "Tcp.", "Udp.", "UdpLite." (snmp), "Ip6.", "Icmp6.",
  /// "Udp6.", "UdpLite6." (snmp6), "softnet_stat.", "nf_conntrack.", "neighbours." (arp_cache and
  /// ndisc_cache).
  std::string_view prefix;
  std::string_view names;
  /// The finding that judges them, or shows them as evidence; empty where none does.
  std::string_view rule;
  /// Why they are not judged by themselves; empty where they are.
  std::string_view reason;
};

std::vector<CounterUse> counter_uses();

/// The use of "TcpExt.ListenDrops"; null for a counter that the table does not have.
const CounterUse* find_counter_use(std::string_view counter);

}  // namespace tuner
