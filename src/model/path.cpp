#include "tuner/path.hpp"

#include <algorithm>

#include "tuner/fact.hpp"

namespace tuner {

namespace {

constexpr std::int64_t kMicroseconds = 1000000;  // in a second
constexpr std::int64_t kBits = 8;                // in a byte

/// left * right / divisor without overflow on the way, for numbers from zero up.
std::int64_t scaled(std::int64_t left, std::int64_t right, std::int64_t divisor) {
  std::int64_t whole = 0;
  std::int64_t rest = 0;
  const bool fits = !__builtin_mul_overflow(left / divisor, right, &whole) &&
                    !__builtin_mul_overflow(left % divisor, right, &rest);
  std::int64_t sum = 0;
  if (!fits || __builtin_add_overflow(whole, rest / divisor, &sum)) return kLongMax;
  return sum;
}

}  // namespace

Bytes bandwidth_delay_product(const Path& path) {
  return Bytes(scaled(path.bandwidth.count(), path.rtt.count(), kBits * kMicroseconds));
}

BitsPerSecond rate_of(Bytes under_way, std::chrono::microseconds rtt) {
  if (rtt.count() <= 0) return BitsPerSecond(0);
  return BitsPerSecond(scaled(under_way.count(), kBits * kMicroseconds, rtt.count()));
}

int window_scale_for(Bytes window) {
  int scale = 0;
  while (scale < kMaxWindowScale && announced_window(65535, scale) < window) ++scale;
  return scale;
}

int offered_window_scale(std::int64_t largest_buffer) {
  int scale = 0;
  // The kernel's own loop: as often as the buffer can be halved before it fits in 16 bits.
  while (scale < kMaxWindowScale && (largest_buffer >> scale) > 65535) ++scale;
  return scale;
}

Bytes buffer_for(Bytes data, const CarryingShare& share) {
  const auto product = checked_multiply(data, share.reckoned.denominator);
  if (!product) return Bytes(kLongMax);
  return Bytes(product->count() / share.reckoned.numerator +
               (product->count() % share.reckoned.numerator == 0 ? 0 : 1));
}

Bytes part_of(Bytes buffer, Fraction part) {
  return Bytes(scaled(buffer.count(), part.numerator, part.denominator));
}

}  // namespace tuner
