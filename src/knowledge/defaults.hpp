#pragma once

#include <cstdint>
#include <optional>

#include "tuner/fact.hpp"

/// The rules by which kernels choose a default. Each names the function that it restates; the
/// captured hosts under tests/hosts prove it.
namespace tuner::facts {

/// The same numbers on every kernel that has the key.
template <std::int64_t... Numbers>
std::optional<ExpectedDefault> always(const HostTraits&) {
  return ExpectedDefault{.elements = {{Numbers, Numbers}...}};
}

/// Any number from `Low` to `High`: the default depends on what the host does not show.
template <std::int64_t Low, std::int64_t High>
std::optional<ExpectedDefault> between(const HostTraits&) {
  return ExpectedDefault{.elements = {{Low, High}}};
}

/// `Old` before kernel Major.Minor, `New` from it on.
template <int Major, int Minor, std::int64_t Old, std::int64_t New>
std::optional<ExpectedDefault> since(const HostTraits& host) {
  return host.kernel >= KernelVersion{Major, Minor} ? always<New>(host) : always<Old>(host);
}

std::optional<ExpectedDefault> empty_list(const HostTraits& host);
/// A page; 4096 before 6.0.
std::optional<ExpectedDefault> page_size(const HostTraits& host);
std::optional<ExpectedDefault> socket_buffer(const HostTraits& host);
std::optional<ExpectedDefault> socket_buffer_max(const HostTraits& host);
std::optional<ExpectedDefault> budget_usecs(const HostTraits& host);
std::optional<ExpectedDefault> one_mebibyte_of_pages(const HostTraits& host);
std::optional<ExpectedDefault> tcp_rmem(const HostTraits& host);
std::optional<ExpectedDefault> tcp_wmem(const HostTraits& host);
std::optional<ExpectedDefault> tcp_mem(const HostTraits& host);
std::optional<ExpectedDefault> udp_mem(const HostTraits& host);
std::optional<ExpectedDefault> tcp_hash_buckets(const HostTraits& host);
std::optional<ExpectedDefault> half_of_tcp_hash(const HostTraits& host);
std::optional<ExpectedDefault> syn_backlog(const HostTraits& host);
std::optional<ExpectedDefault> file_max(const HostTraits& host);
std::optional<ExpectedDefault> min_free_kbytes(const HostTraits& host);
std::optional<ExpectedDefault> conntrack_buckets(const HostTraits& host);
std::optional<ExpectedDefault> conntrack_max(const HostTraits& host);
/// 4096 before 6.3, but not in stable kernels that took its change over.
std::optional<ExpectedDefault> ipv6_max_routes(const HostTraits& host);

/// mem_pcpu_rsv starts at one mebibyte, counted in pages.
Range at_least_one_mebibyte_of_pages(const HostTraits& host);

/// tcp_mem and file-max come from the pages that were free at boot, which nothing records. They are
/// judged against MemTotal with this tolerance, in percent.
inline constexpr std::int64_t kBootMemoryTolerancePercent = 10;

}  // namespace tuner::facts
