#include "knowledge/defaults.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tuner::facts {

namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr std::int64_t kPointer = 8;  // bytes, on the 64-bit kernels that are known

using Interval = ExpectedDefault::Interval;

ExpectedDefault exactly(std::int64_t number) { return {.elements = {{number, number}}}; }

std::optional<ExpectedDefault> exactly(std::optional<std::int64_t> number) {
  if (!number) return std::nullopt;
  return exactly(*number);
}

/// MemTotal stands for the pages that were free at boot.
Interval within_tolerance(std::int64_t level) {
  return {level / 100 * (100 - kBootMemoryTolerancePercent),
          level / 100 * (100 + kBootMemoryTolerancePercent)};
}

Interval clamp(Interval interval, std::int64_t low, std::int64_t high) {
  return {std::clamp(interval.low, low, high), std::clamp(interval.high, low, high)};
}

/// alloc_large_system_hash("TCP established") in net/ipv4/tcp.c tcp_init(): one bucket for 128 KiB
/// of memory, a power of two, 524288 at most.
std::optional<std::int64_t> hash_buckets(const HostTraits& host) {
  if (host.tcp_hash_buckets > 0) return host.tcp_hash_buckets;
  if (!host.memory) return std::nullopt;
  const auto wanted = static_cast<std::uint64_t>(host.memory->count() / (128 * kKiB));
  return std::min<std::int64_t>(524288, static_cast<std::int64_t>(std::bit_ceil(wanted)));
}

/// The least that a socket's memory grows by. Before 6.0 it was 4 KiB whatever the page is
/// (SK_MEM_QUANTUM, commit 100fdd1faf50).
std::int64_t memory_quantum(const HostTraits& host) {
  constexpr std::int64_t kBefore = 4096;
  const bool fixed = host.kernel > KernelVersion{} && host.kernel < KernelVersion{6, 0};
  return fixed ? kBefore : host.page_size->bytes().count();
}

/// net/ipv4/tcp.c tcp_init(): a buffer's maximum is 1/128 of the memory, within [floor, ceiling].
std::optional<ExpectedDefault> tcp_buffer(const HostTraits& host, std::int64_t middle,
                                          std::int64_t floor, std::int64_t ceiling) {
  if (!host.page_size || !host.memory) return std::nullopt;
  const std::int64_t page = memory_quantum(host);
  const Interval maximum = clamp(within_tolerance(host.memory->count() / 128), floor, ceiling);
  return ExpectedDefault{.elements = {{page, page}, {middle, middle}, maximum}};
}

/// net/ipv4/tcp.c tcp_init_mem() and net/ipv4/udp.c udp_init(): min, pressure and max are 3/4, 1
/// and 3/2 of a share of the free pages.
std::optional<ExpectedDefault> protocol_memory(const HostTraits& host, std::int64_t share) {
  if (!host.page_size || !host.memory) return std::nullopt;
  const std::int64_t pages = to_pages(*host.memory, *host.page_size).count();
  const Interval limit = clamp(within_tolerance(pages / share), 128, kLongMax / 4);
  const Interval minimum = {limit.low / 4 * 3, limit.high / 4 * 3};
  return ExpectedDefault{.elements = {minimum, limit, {minimum.low * 2, minimum.high * 2}}};
}

}  // namespace

std::optional<ExpectedDefault> empty_list(const HostTraits&) { return ExpectedDefault{}; }

std::optional<ExpectedDefault> page_size(const HostTraits& host) {
  if (!host.page_size) return std::nullopt;
  return exactly(memory_quantum(host));
}

/// 256 * SKB_TRUESIZE(256) in net/core/sock.c: 832 bytes each where a cache line has 64 bytes, 896
/// where it has 128 (measured on x86_64 and ppc64le).
std::optional<ExpectedDefault> socket_buffer(const HostTraits& host) {
  if (host.architecture == "x86_64" || host.architecture == "aarch64")
    return exactly(std::int64_t{256} * 832);
  if (host.architecture.starts_with("ppc64")) return exactly(std::int64_t{256} * 896);
  return std::nullopt;
}

std::optional<ExpectedDefault> socket_buffer_max(const HostTraits& host) {
  if (host.kernel >= KernelVersion{6, 18}) return exactly(4 * kMiB);
  return socket_buffer(host);
}

/// Two clock ticks of 1000 to 100 a second; no file shows how many the kernel was built with.
std::optional<ExpectedDefault> budget_usecs(const HostTraits& host) {
  if (host.kernel < KernelVersion{5, 7}) return exactly(2000);
  return between<2000, 20000>(host);
}

std::optional<ExpectedDefault> one_mebibyte_of_pages(const HostTraits& host) {
  if (!host.page_size) return std::nullopt;
  return exactly(kMiB / host.page_size->bytes().count());
}

std::optional<ExpectedDefault> tcp_rmem(const HostTraits& host) {
  const std::int64_t middle = host.kernel >= KernelVersion{4, 20} ? 131072 : 87380;
  const std::int64_t ceiling = (host.kernel >= KernelVersion{6, 16} ? 32 : 6) * kMiB;
  return tcp_buffer(host, middle, middle, ceiling);
}

std::optional<ExpectedDefault> tcp_wmem(const HostTraits& host) {
  return tcp_buffer(host, 16 * kKiB, 64 * kKiB, 4 * kMiB);
}

std::optional<ExpectedDefault> tcp_mem(const HostTraits& host) { return protocol_memory(host, 16); }

std::optional<ExpectedDefault> udp_mem(const HostTraits& host) { return protocol_memory(host, 8); }

std::optional<ExpectedDefault> tcp_hash_buckets(const HostTraits& host) {
  return exactly(hash_buckets(host));
}

std::optional<ExpectedDefault> half_of_tcp_hash(const HostTraits& host) {
  const auto buckets = hash_buckets(host);
  if (!buckets) return std::nullopt;
  return exactly(*buckets / 2);
}

std::optional<ExpectedDefault> syn_backlog(const HostTraits& host) {
  const auto buckets = hash_buckets(host);
  if (!buckets) return std::nullopt;
  const int share = host.kernel >= KernelVersion{5, 4} ? 128 : 256;
  return exactly(std::max<std::int64_t>(128, *buckets / share));
}

/// fs/file_table.c files_maxfiles_init(): a tenth of the memory, at one kibibyte a file.
std::optional<ExpectedDefault> file_max(const HostTraits& host) {
  if (!host.memory) return std::nullopt;
  const Interval level = within_tolerance(host.memory->count() / kKiB / 10);
  return ExpectedDefault{.elements = {clamp(level, 8192, kLongMax)}};
}

/// mm/page_alloc.c: the square root of 16 times the memory in KiB is the floor; transparent huge
/// pages raise it further by what the host does not show.
std::optional<ExpectedDefault> min_free_kbytes(const HostTraits& host) {
  if (!host.memory) return std::nullopt;
  const auto kibibytes = static_cast<double>(host.memory->count()) / 1024.0;
  const auto root = static_cast<std::int64_t>(std::sqrt(kibibytes * 16.0));
  return ExpectedDefault{.elements = {{within_tolerance(root).low, kIntMax}}};
}

namespace {

/// net/netfilter/nf_conntrack_core.c nf_conntrack_init_start()
std::int64_t conntrack_buckets_asked_for(std::int64_t memory, bool recent) {
  if (memory > 4 * kGiB) return recent ? 262144 : 65536;
  if (memory > kGiB) return recent ? 65536 : 16384;
  return std::max<std::int64_t>(recent ? 1024 : 32, memory / 16384 / 8);
}

}  // namespace

/// The table is whole pages of pointers (nf_ct_alloc_hashtable()).
std::optional<ExpectedDefault> conntrack_buckets(const HostTraits& host) {
  if (!host.memory || !host.page_size) return std::nullopt;
  const bool recent = host.kernel >= KernelVersion{5, 15};
  const std::int64_t buckets = conntrack_buckets_asked_for(host.memory->count(), recent);
  const std::int64_t page = host.page_size->bytes().count() / kPointer;
  return exactly((buckets + page - 1) / page * page);
}

std::optional<ExpectedDefault> conntrack_max(const HostTraits& host) {
  auto buckets = conntrack_buckets(host);
  if (!buckets || host.kernel >= KernelVersion{5, 15}) return buckets;
  return exactly(buckets->elements.front().low * 4);
}

Range at_least_one_mebibyte_of_pages(const HostTraits& host) {
  const auto pages = one_mebibyte_of_pages(host);
  return {pages ? pages->elements.front().low : 1, kIntMax};
}

std::optional<ExpectedDefault> ipv6_max_routes(const HostTraits& host) {
  return host.kernel >= KernelVersion{6, 3} ? always<kIntMax>(host) : between<4096, kIntMax>(host);
}

}  // namespace tuner::facts
