#pragma once

#include <cstdint>

#include "tuner/fact.hpp"

/// What kernels took in a write before they took less or more. tests/lab/kernels writes the numbers
/// beside each range to five of Debian's kernels.
namespace tuner::facts {

/// Where the kernel is not known neither of the two is true.
constexpr bool is_before(const HostTraits& host, KernelVersion version) {
  return host.kernel > KernelVersion{} && host.kernel < version;
}
constexpr bool is_since(const HostTraits& host, KernelVersion version) {
  return host.kernel >= version;
}

/// Any int before kernel Major.Minor, `Low` to `High` from it on.
template <int Major, int Minor, std::int64_t Low, std::int64_t High>
constexpr Range unchecked_before(const HostTraits& host) {
  return is_before(host, {Major, Minor}) ? Range{} : Range{Low, High};
}

/// 0 to 65535 before kernel Major.Minor, to INT_MAX since.
template <int Major, int Minor>
constexpr Range sixteen_bits_before(const HostTraits& host) {
  return {0, is_before(host, {Major, Minor}) ? 65535 : kIntMax};
}

/// From 0 before kernel Major.Minor, from 1 since.
template <int Major, int Minor>
constexpr Range at_least_one_since(const HostTraits& host) {
  return {is_since(host, {Major, Minor}) ? 1 : 0, kIntMax};
}

/// Before kernel Major.Minor the write succeeds and stores something else, or nothing.
template <int Major, int Minor>
constexpr Outside taken_before(const HostTraits& host) {
  return is_before(host, {Major, Minor}) ? Outside::taken : Outside::refused;
}

}  // namespace tuner::facts
