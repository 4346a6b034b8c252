#include "knowledge/myths.hpp"

#include <algorithm>
#include <array>

#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/lower.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

using Numbers = std::vector<std::int64_t>;

bool above_default(std::string_view key, const HostSnapshot& host, const Numbers& running) {
  return compare_with_default(*find_fact(key), running, host).above;
}

template <std::int64_t Value>
bool equals(const HostSnapshot&, const Numbers& running) {
  return running.front() == Value;
}

/// People write 999999999 and the like; since 4.7 the kernel's own value is the largest number.
bool raised_by_hand(const HostSnapshot&, const Numbers& running) {
  constexpr std::int64_t kMany = 100'000'000;
  return running.front() >= kMany && running.front() < kIntMax;
}

template <std::int64_t Limit>
bool below(const HostSnapshot&, const Numbers& running) {
  return running.front() >= 0 && running.front() < Limit;
}

/// A minimum above a page and 16 KiB, or a default above 1 MiB: see judge/thresholds.cpp.
bool large_from_the_start(const HostSnapshot& host, const Numbers& running) {
  constexpr std::int64_t kMinimum = std::int64_t{16} << 10;
  constexpr std::int64_t kDefault = std::int64_t{1} << 20;
  const std::int64_t page = host.page_size ? host.page_size->bytes().count() : kMinimum;
  return running[0] > std::max(kMinimum, page) || running[1] > kDefault;
}

bool raised_with_syncookies(const HostSnapshot& host, const Numbers& running) {
  const bool recent = host.kernel && host.kernel->version >= KernelVersion{4, 4};
  return recent && host.number("net.ipv4.tcp_syncookies").value_or(0) != 0 &&
         above_default("net.ipv4.tcp_max_syn_backlog", host, running);
}

bool raised_without_drops(const HostSnapshot& host, const Numbers& running) {
  return host.softnet && host.softnet->dropped == Packets(0) &&
         above_default("net.core.netdev_max_backlog", host, running);
}

/// A host that receives more datagrams than segments: for its programs that do not ask, this is the
/// one knob.
bool lives_on_udp(const HostSnapshot& host) {
  const auto datagrams = host.counter("Udp.InDatagrams");
  const auto segments = host.counter("Tcp.InSegs");
  return datagrams && segments && *datagrams > *segments;
}

bool receive_default_raised(const HostSnapshot& host, const Numbers& running) {
  return above_default("net.core.rmem_default", host, running) && !lives_on_udp(host);
}

bool send_default_raised(const HostSnapshot& host, const Numbers& running) {
  return above_default("net.core.wmem_default", host, running) && !lives_on_udp(host);
}

constexpr std::string_view kTcpOwnBuffers =
    "TCP takes its buffers from tcp_rmem and tcp_wmem; this only makes UDP and local sockets "
    "larger, which a UDP server whose programs do not ask for more may need";
constexpr std::string_view kOnlyTheMaximum =
    "only the maximum needs raising: the minimum is just what a socket keeps when memory is short, "
    "and every connection starts with the initial size and grows from there";

constexpr auto kMyths = std::to_array<Myth>({
    {kFinTimeoutMyth, "net.ipv4.tcp_fin_timeout", Severity::info, below<60>,
     "it does not shorten TIME_WAIT, which is 60 s in every kernel; it controls orphaned FIN_WAIT2 "
     "connections",
     "include/net/tcp.h TCP_TIMEWAIT_LEN; measured on 6.18.44; TOAST 2015 5.1"},
    {"disable_sack", "net.ipv4.tcp_sack", Severity::warning, equals<0>,
     "loss recovery needs SACK; it was switched off against CVE-2019-11477, long fixed",
     "RFC 2018; RFC 8985"},
    {"disable_sack", "net.ipv4.tcp_dsack", Severity::info, equals<0>,
     "duplicate SACKs distinguish a reordered packet from a lost one", "RFC 2883"},
    {"rmem_default_tcp", "net.core.rmem_default", Severity::info, receive_default_raised,
     kTcpOwnBuffers, "net/ipv4/tcp.c tcp_init_sock(); measured on 6.18.44"},
    {"rmem_default_tcp", "net.core.wmem_default", Severity::info, send_default_raised,
     kTcpOwnBuffers, "net/ipv4/tcp.c tcp_init_sock(); measured on 6.18.44"},
    {"big_default_buffers", "net.ipv4.tcp_rmem", Severity::warning, large_from_the_start,
     kOnlyTheMaximum, "Documentation/networking/ip-sysctl.rst tcp_rmem; net/core/sock.c"},
    {"big_default_buffers", "net.ipv4.tcp_wmem", Severity::warning, large_from_the_start,
     kOnlyTheMaximum, "Documentation/networking/ip-sysctl.rst tcp_wmem; net/core/sock.c"},
    {"syn_backlog_alone", "net.ipv4.tcp_max_syn_backlog", Severity::info, raised_with_syncookies,
     "with SYN cookies it has no effect; the listener's backlog bounds the SYN queue",
     "net/ipv4/tcp_input.c tcp_conn_request(); measured on 6.18.44"},
    {"syncookies_off", "net.ipv4.tcp_syncookies", Severity::warning, equals<0>,
     "when the SYN queue is full, SYNs are then dropped", "RFC 4987"},
    {"syncookies_2", "net.ipv4.tcp_syncookies", Severity::warning, equals<2>,
     "every connection then goes through a cookie: a setting for tests",
     "Documentation/networking/ip-sysctl.rst tcp_syncookies"},
    {"abort_on_overflow", "net.ipv4.tcp_abort_on_overflow", Severity::warning, equals<1>,
     "a short burst then ends in a reset for the client instead of a second try; dropped SYNs stay "
     "silent all the same",
     "net/ipv4/tcp_minisocks.c tcp_check_req(); measured on 6.18.44"},
    {"netdev_backlog_is_listen", "net.core.netdev_max_backlog", Severity::info,
     raised_without_drops,
     "it is not a listen backlog, and no packet was ever dropped at this queue",
     "net/core/dev.c enqueue_to_backlog(); TOAST 2015 4.2"},
    {"retries2_low", "net.ipv4.tcp_retries2", Severity::warning, below<8>,
     "connections then die in a short outage, sooner than the 100 s of RFC 1122; TCP_USER_TIMEOUT "
     "does it for one application. A cluster whose vendor asks for it (Elasticsearch: 5) and that "
     "rejoins by itself is the exception",
     "Documentation/networking/ip-sysctl.rst tcp_retries2; RFC 1122 4.2.3.5"},
    {"challenge_ack_999999999", "net.ipv4.tcp_challenge_ack_limit", Severity::info, raised_by_hand,
     "the fault that it worked around, CVE-2016-5696, was fixed in 4.7", "net/ipv4/tcp_ipv4.c"},
});

}  // namespace

FinTimeoutPurpose fin_timeout_purpose(std::string_view comment) {
  const std::string words = text::lower(comment);
  const auto speaks_of = [&words](std::string_view word) {
    return words.find(word) != std::string::npos;
  };
  if (speaks_of("time_wait") || speaks_of("time-wait") || speaks_of("time wait") ||
      speaks_of("timewait")) {
    return FinTimeoutPurpose::time_wait;
  }
  if (speaks_of("fin_wait") || speaks_of("fin-wait") || speaks_of("fin wait") ||
      speaks_of("orphan")) {
    return FinTimeoutPurpose::orphans;
  }
  return FinTimeoutPurpose::unsaid;
}

std::span<const Myth> myths() { return kMyths; }

}  // namespace tuner::judge
