#pragma once

#include <chrono>
#include <string_view>

#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

/// One parser for each file below /proc: the text as the kernel printed it to a value. Text that
/// does not have the kernel's form is malformed, with the reason; nothing becomes a zero.
namespace tuner::parse {

/// /proc/net/netstat and /proc/net/snmp: pairs of lines, names and numbers.
Observed<Counters> counters(std::string_view text);

/// /proc/net/snmp6: a name and a number on each line. "Udp6InErrors" becomes "Udp6.InErrors".
Observed<Counters> counters_ipv6(std::string_view text);

/// /proc/net/sockstat.
Observed<SocketStatistics> sockstat(std::string_view text);

/// /proc/net/softnet_stat: hexadecimal, 9 to 15 columns by kernel, one line per processor.
Observed<SoftnetStatistics> softnet_stat(std::string_view text);

/// /proc/net/stat/nf_conntrack: a line of names, then hexadecimal, one line per processor.
Observed<ConntrackStatistics> nf_conntrack(std::string_view text);

/// The virtual services of /proc/net/ip_vs: "TCP  0A000001:1F90 rr", ports in hexadecimal, and what
/// each leads to below it. Services by firewall mark have no port and are left out.
/// Source: net/netfilter/ipvs/ip_vs_ctl.c ip_vs_info_seq_show().
Observed<std::vector<ListeningPort>> virtual_services(std::string_view text);

/// /proc/net/stat/arp_cache and ndisc_cache, of the same form.
Observed<NeighbourTable> neighbour_table(std::string_view text);

/// MemTotal of /proc/meminfo.
Observed<Bytes> meminfo_total(std::string_view text);

/// /proc/sys/fs/file-nr.
Observed<FileTable> file_nr(std::string_view text);

/// A limit of getrlimit(2): no value for one that no number of files comes to (RLIM_INFINITY).
std::optional<std::int64_t> limit_of(std::uint64_t number);

/// "Max open files" of /proc/PID/limits.
Observed<OpenFileLimit> open_file_limit(std::string_view text);

/// /proc/uptime, whole seconds.
Observed<std::chrono::seconds> uptime(std::string_view text);

/// /proc/sys/kernel/osrelease.
Observed<KernelRelease> kernel_release(std::string_view text);

}  // namespace tuner::parse
