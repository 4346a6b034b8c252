#include "judge/tcp_memory.hpp"

#include "knowledge/thresholds.hpp"
#include "tuner/kernel.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

Pages tcp_memory_in_use(const HostSnapshot& host) {
  constexpr std::int64_t kQuantum = 4096;
  const std::int64_t count = host.sockets->tcp_memory.count();
  // Before 6.0 sockstat counts 4 KiB whatever the page is (SK_MEM_QUANTUM, commit 100fdd1faf50).
  const bool quanta = host.kernel && host.kernel->version < KernelVersion{6, 0} && host.page_size;
  return Pages(quanta ? count / (host.page_size->bytes().count() / kQuantum) : count);
}

bool is_tcp_pressed(const HostSnapshot& host) {
  const auto limits = host.numbers("net.ipv4.tcp_mem");
  return limits && host.sockets && tcp_memory_in_use(host) >= Pages((*limits)[1]);
}

bool are_orphans_killed(const HostSnapshot& host) {
  const auto limit = host.number("net.ipv4.tcp_max_orphans");
  if (!limit || !host.sockets || host.counter("TcpExt.TCPAbortOnMemory").value_or(0) == 0) {
    return false;
  }
  if (host.sockets->tcp_orphans >= *limit / threshold::kOrphanPenalty) return true;
  // Before memory runs out it is short, and that is counted.
  return host.counter("TcpExt.TCPMemoryPressures").value_or(1) == 0 && !is_tcp_pressed(host);
}

}  // namespace tuner::judge
