#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace tuner {

/// A count of one kind of thing. Two quantities of different kinds neither add nor compare, so a
/// number of pages cannot be taken for a number of bytes: the mistake that makes tcp_mem 4096 times
/// too large. Durations are std::chrono types.
///
/// Range: all of int64. Arithmetic that would overflow has no value.
template <class Kind>
class Quantity {
 public:
  constexpr explicit Quantity(std::int64_t count) : count_(count) {}

  [[nodiscard]] constexpr std::int64_t count() const { return count_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

  friend constexpr std::optional<Quantity> checked_add(Quantity left, Quantity right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.count_, right.count_, &sum)) return std::nullopt;
    return Quantity(sum);
  }

  friend constexpr std::optional<Quantity> checked_multiply(Quantity left, std::int64_t factor) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(left.count_, factor, &product)) return std::nullopt;
    return Quantity(product);
  }

 private:
  std::int64_t count_;
};

using Bytes = Quantity<struct BytesKind>;
using Pages = Quantity<struct PagesKind>;
using Packets = Quantity<struct PacketsKind>;
using Connections = Quantity<struct ConnectionsKind>;
using BitsPerSecond = Quantity<struct BitsPerSecondKind>;

/// The size of the pages in which a kernel counts tcp_mem and its kin: 4 KiB on x86, 64 KiB on many
/// ppc64le and arm64 kernels. Only a host can tell it, so there is no default.
class PageSize {
 public:
  /// No value unless `size` is a power of two from 4 KiB to 16 MiB, the range of Linux's ports.
  static constexpr std::optional<PageSize> from(Bytes size) {
    const std::int64_t count = size.count();
    const bool power_of_two = count > 0 && (count & (count - 1)) == 0;
    if (!power_of_two || count < (1 << 12) || count > (1 << 24)) return std::nullopt;
    return PageSize(size);
  }

  [[nodiscard]] constexpr Bytes bytes() const { return size_; }

 private:
  constexpr explicit PageSize(Bytes size) : size_(size) {}
  Bytes size_;
};

/// No value where the number of bytes does not fit in int64.
constexpr std::optional<Bytes> to_bytes(Pages pages, PageSize page_size) {
  return checked_multiply(page_size.bytes(), pages.count());
}

/// Whole pages; a rest is dropped.
constexpr Pages to_pages(Bytes bytes, PageSize page_size) {
  return Pages(bytes.count() / page_size.bytes().count());
}

}  // namespace tuner
