#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {

/// The named counters of /proc/net/netstat or /proc/net/snmp, under names like
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

/// /proc/net/sockstat. `memory` is machine-wide, the other numbers belong to the namespace.
struct SocketStatistics {
  std::int64_t tcp_in_use = 0;
  std::int64_t tcp_orphans = 0;
  std::int64_t tcp_time_wait = 0;
  Pages tcp_memory{0};
  Pages udp_memory{0};
};

/// /proc/net/softnet_stat, summed over the processors. Machine-wide in every namespace.
struct SoftnetStatistics {
  Packets processed{0};
  Packets dropped{0};             ///< column 2: input_pkt_queue full, or a flow limit
  std::int64_t time_squeeze = 0;  ///< column 3: softirq runs that ended with work left
  int processors = 0;             ///< lines: the processors that are online
};

/// /proc/net/stat/nf_conntrack, summed over the processors.
struct ConntrackStatistics {
  std::int64_t entries = 0;  ///< of the namespace
  std::int64_t found = 0;
  std::int64_t drop = 0;  ///< new connections dropped because the table was full
  std::int64_t early_drop = 0;
  std::int64_t insert_failed = 0;
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

/// How many TCP connections there are of a kind. A connection is incoming where its local port is
/// one that something listens on; those between addresses of the loopback are counted apart.
struct ConnectionCensus {
  std::int64_t established_in = 0;
  std::int64_t established_out = 0;
  std::int64_t time_wait_in = 0;   ///< on service ports
  std::int64_t time_wait_out = 0;  ///< on local ports that the kernel chose
  std::int64_t loopback = 0;
};

/// A child network namespace has no machine-wide keys, so they tell one from the initial one.
enum class NetworkNamespace { initial, child };

/// A host, read once. Rules and plans look at nothing else.
class HostSnapshot {
 public:
  std::string root = "/";  ///< the tree it was read from
  Observed<std::string> hostname = absent();
  Observed<KernelRelease> kernel = absent();
  std::string architecture;  ///< as uname -m; empty where a tree does not tell
  Observed<PageSize> page_size = absent();
  Observed<Bytes> memory = absent();  ///< MemTotal
  Observed<std::chrono::seconds> uptime = absent();
  NetworkNamespace network_namespace = NetworkNamespace::initial;
  std::optional<std::string> container;  ///< the runtime, where one left its mark
  /// Set where the counters are the difference of two readings.
  std::optional<std::chrono::milliseconds> sampled_for;

  Observed<Counters> netstat = absent();
  Observed<Counters> snmp = absent();
  Observed<SocketStatistics> sockets = absent();
  Observed<SoftnetStatistics> softnet = absent();
  Observed<ConntrackStatistics> conntrack = absent();
  Observed<FileTable> files = absent();
  /// In rising order, each once. Absent where the reader was not asked for it.
  Observed<std::vector<ListeningPort>> listening = absent();
  Observed<ConnectionCensus> connections = absent();
  /// Congestion controls among the modules of this kernel, loaded or not.
  Observed<std::vector<std::string>> congestion_modules = absent();
  Observed<OpenFileLimit> own_limit = absent();   ///< of the process that read the tree
  Observed<OpenFileLimit> init_limit = absent();  ///< of PID 1

  /// A key that the reader was not asked for counts as malformed, never as absent.
  [[nodiscard]] const Observed<SysctlValue>& sysctl(std::string_view key) const;
  /// False where nothing below proc/sys/net could be read: then absence says nothing of the kernel.
  [[nodiscard]] bool has_sysctls() const;
  void set_sysctl(std::string key, Observed<SysctlValue> value);

  /// The only element of a numeric key. Text, or more than one element, is malformed.
  [[nodiscard]] Observed<std::int64_t> number(std::string_view key) const;

  /// All elements of a numeric key; malformed unless there are as many as the fact says.
  [[nodiscard]] Observed<std::vector<std::int64_t>> numbers(std::string_view key) const;

  /// "TcpExt.NAME" and "IpExt.NAME" from netstat, all others from snmp. A counter that this kernel
  /// does not have is absent.
  [[nodiscard]] Observed<std::int64_t> counter(std::string_view name) const;

  /// What the rules for defaults need to know of this host.
  [[nodiscard]] HostTraits traits() const;

 private:
  std::map<std::string, Observed<SysctlValue>, std::less<>> sysctls_;
};

}  // namespace tuner
