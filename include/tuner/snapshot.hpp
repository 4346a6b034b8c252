#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/flows.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {

/// A host, read once. Rules and plans look at nothing else.
class HostSnapshot {
 public:
  // In snapshot.cpp: each source that holds one would compile all its members' copies otherwise.
  HostSnapshot();
  HostSnapshot(const HostSnapshot&);
  HostSnapshot(HostSnapshot&&) noexcept;
  HostSnapshot& operator=(const HostSnapshot&) = delete;
  HostSnapshot& operator=(HostSnapshot&&) noexcept;
  ~HostSnapshot();

  std::string root = "/";  ///< the tree it was read from
  Observed<std::string> hostname = absent();
  Observed<KernelRelease> kernel = absent();
  std::string architecture;  ///< as uname -m; empty where a tree does not tell
  Observed<PageSize> page_size = absent();
  Observed<Bytes> memory = absent();  ///< MemTotal
  Observed<std::chrono::seconds> uptime = absent();
  NetworkNamespace network_namespace = NetworkNamespace::initial;
  std::string network_name;  ///< "web", "of pid 812": as it was asked for; empty where it was not
  std::optional<std::string> container;  ///< the runtime, where one left its mark
  /// Set where the counters are the difference of two readings.
  std::optional<std::chrono::milliseconds> sampled_for;
  /// The first of the two was that of the audit before, and not the beginning of a sample.
  bool since_last_audit = false;

  Observed<Counters> netstat = absent();
  Observed<Counters> snmp = absent();
  Observed<Counters> snmp6 = absent();  ///< absent where the host has no IPv6
  Observed<SocketStatistics> sockets = absent();
  Observed<SoftnetStatistics> softnet = absent();
  Observed<ConntrackStatistics> conntrack = absent();
  Observed<FileTable> files = absent();
  /// In rising order, each once. Absent where the reader was not asked for it.
  Observed<std::vector<ListeningPort>> listening = absent();
  /// What IPVS serves, of which no socket tells. Absent where its module is not loaded.
  Observed<std::vector<ListeningPort>> virtual_services = absent();
  Observed<TcpSurvey> tcp = absent();     ///< every TCP socket, counted
  Observed<FlowSurvey> flows = absent();  ///< connections that moved data while they were watched
  Observed<std::vector<UdpDrops>> udp_drops = absent();
  Observed<OpenFileSurvey> open_files = absent();
  Observed<std::vector<DefaultRoute>> default_routes = absent();
  Observed<NeighbourTable> neighbours_v4 = absent();
  Observed<NeighbourTable> neighbours_v6 = absent();
  Observed<std::vector<InterfaceDrops>> interfaces = absent();  ///< where they were asked for
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

  /// "TcpExt.NAME" and "IpExt.NAME" from netstat, "Ip6.", "Icmp6.", "Udp6." and "UdpLite6." from
  /// snmp6, all others from snmp. A counter that this kernel
  /// does not have is absent.
  [[nodiscard]] Observed<std::int64_t> counter(std::string_view name) const;

  /// What the rules for defaults need to know of this host.
  [[nodiscard]] HostTraits traits() const;

 private:
  std::map<std::string, Observed<SysctlValue>, std::less<>> sysctls_;
};

}  // namespace tuner
