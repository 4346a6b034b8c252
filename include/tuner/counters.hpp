#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/units.hpp"

namespace tuner {

/// The named counters of /proc/net/netstat, snmp or snmp6, under names like
/// "TcpExt.ListenOverflows". They count since the network namespace began. There are hundreds, and
/// an audit looks at few: the names stay in the text that the kernel printed.
class Counters {
 public:
  struct Entry {
    std::string_view group;  ///< with its colon: "TcpExt:"
    std::string_view name;
    std::int64_t number = 0;
  };

  Counters() = default;
  explicit Counters(std::string_view text) : text_(std::make_shared<const std::string>(text)) {}

  /// The text that entries have to point into.
  [[nodiscard]] std::string_view text() const { return *text_; }

  /// No value for a counter that this kernel does not have.
  [[nodiscard]] std::optional<std::int64_t> find(std::string_view name) const;

  std::vector<Entry> entries{};

 private:
  std::shared_ptr<const std::string> text_ = std::make_shared<const std::string>();
};

/// The group of /proc/net/snmp6 that a name of that file begins with, "Udp6:"; empty for others.
std::string_view ipv6_group(std::string_view name);

/// Whether a counter's name, "Udp6.InErrors", is one of /proc/net/snmp6.
bool counts_ipv6(std::string_view name);

/// /proc/net/sockstat. `memory` is machine-wide, the other numbers belong to the namespace.
struct SocketStatistics {
  std::int64_t tcp_in_use = 0;
  std::int64_t tcp_orphans = 0;
  std::int64_t tcp_time_wait = 0;
  Pages tcp_memory{0};
  Pages udp_memory{0};
  Bytes fragment_memory{0};  ///< of IPv4 fragments that wait for the others
};

/// /proc/net/softnet_stat, summed over the processors. Machine-wide in every namespace.
struct SoftnetStatistics {
  Packets processed{0};
  Packets dropped{0};             ///< column 2: input_pkt_queue full, or a flow limit
  std::int64_t time_squeeze = 0;  ///< column 3: softirq runs that ended with work left
  int processors = 0;             ///< lines: the processors that are online
};

/// /proc/net/stat/nf_conntrack, summed over the processors. How many entries there are is told by
/// net.netfilter.nf_conntrack_count alone: in captures the column here is often of another moment.
struct ConntrackStatistics {
  std::int64_t found = 0;
  std::int64_t drop = 0;           ///< a full table, what a protocol refuses, and clashes
  std::int64_t early_drop = 0;     ///< entries that went for a new one, the table being full
  std::int64_t insert_failed = 0;  ///< clashes; a kernel counts them in `drop` too
};

/// /proc/sys/fs/file-nr.
struct FileTable {
  std::int64_t allocated = 0;
  std::int64_t max = 0;
};

/// "Max open files" of /proc/PID/limits; no value for "unlimited".
struct OpenFileLimit {
  std::optional<std::int64_t> soft;
  std::optional<std::int64_t> hard;
};

enum class Transport { tcp, udp };

/// A port that something listens on: TCP in LISTEN, or UDP that is bound and not connected.
struct ListeningPort {
  std::int64_t port = 0;
  Transport transport = Transport::tcp;
  bool loopback_only = false;

  friend auto operator<=>(const ListeningPort&, const ListeningPort&) = default;
};

/// How full the table of neighbours of one family is: /proc/net/stat/arp_cache and ndisc_cache. It
/// is one table for all namespaces.
struct NeighbourTable {
  std::int64_t entries = 0;
  std::int64_t table_fulls = 0;  ///< neighbours that found no room (4.4)
};

/// Packets that one interface dropped, since it is there.
struct InterfaceDrops {
  std::string name{};
  std::int64_t qdisc = 0;     ///< by its queueing disciplines, on the way out
  std::int64_t received = 0;  ///< rx_dropped: a protocol that nobody takes, or no memory
  std::int64_t missed = 0;    ///< rx_missed and rx_fifo: the card's ring was full
  std::int64_t sent = 0;      ///< tx_dropped, by the driver
  std::int64_t packets_received = 0;
  std::int64_t packets_sent = 0;
};

/// A child network namespace has no machine-wide keys, so they tell one from the initial one.
enum class NetworkNamespace { initial, child };

}  // namespace tuner
