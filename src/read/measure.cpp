#include "read/measure.hpp"

#include <algorithm>

#include "model/number.hpp"

namespace tuner::parse {

namespace {

enum class Kind { bytes, rate, time };

struct UnitRow {
  std::string_view name;
  Kind kind;
  std::int64_t factor;  ///< in bytes, bits a second or microseconds
};

constexpr std::int64_t kKibi = 1024;
constexpr std::int64_t kKilo = 1000;

constexpr UnitRow kUnits[] = {
    {"B", Kind::bytes, 1},
    {"KiB", Kind::bytes, kKibi},
    {"MiB", Kind::bytes, kKibi* kKibi},
    {"GiB", Kind::bytes, kKibi* kKibi* kKibi},
    {"TiB", Kind::bytes, kKibi* kKibi* kKibi* kKibi},
    {"kB", Kind::bytes, kKilo},
    {"MB", Kind::bytes, kKilo* kKilo},
    {"GB", Kind::bytes, kKilo* kKilo* kKilo},
    {"kbit", Kind::rate, kKilo},
    {"Mbit", Kind::rate, kKilo* kKilo},
    {"Gbit", Kind::rate, kKilo* kKilo* kKilo},
    {"kbps", Kind::rate, kKilo},
    {"Mbps", Kind::rate, kKilo* kKilo},
    {"Gbps", Kind::rate, kKilo* kKilo* kKilo},
    {"us", Kind::time, 1},
    {"ms", Kind::time, kKilo},
    {"s", Kind::time, kKilo* kKilo},
    {"min", Kind::time, 60 * kKilo* kKilo},
    {"h", Kind::time, 3600 * kKilo* kKilo},
};

/// `digits` may have a fraction: "2.5" times a thousand is 2500, times one is not a whole number.
std::optional<std::int64_t> scaled(std::string_view digits, std::int64_t factor) {
  const auto point = std::min(digits.find('.'), digits.size());
  const auto whole = integer(digits.substr(0, point));
  if (!whole) return std::nullopt;
  const auto count = checked_multiply(Bytes(*whole), factor);
  if (!count || point == digits.size()) return count ? std::optional(count->count()) : std::nullopt;
  std::int64_t rest = 0;
  for (std::size_t place = digits.size(); place-- > point + 1;) {
    // From the last digit on: each has to leave a whole number of tenths of what is above it.
    const std::int64_t sum = rest + (digits[place] - '0') * factor;
    if (digits[place] < '0' || digits[place] > '9' || sum % 10 != 0) return std::nullopt;
    rest = sum / 10;
  }
  if (point + 1 == digits.size()) return std::nullopt;
  const auto total = checked_add(*count, Bytes(rest));
  return total ? std::optional(total->count()) : std::nullopt;
}

}  // namespace

std::optional<Measure> measure(std::string_view text) {
  text = trim(text);
  const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view name = trim(text.substr(digits));
  const auto* const unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                        [name](const UnitRow& row) { return row.name == name; });
  if (unit == std::end(kUnits)) return std::nullopt;
  const auto count = scaled(text.substr(0, digits), unit->factor);
  if (!count) return std::nullopt;
  switch (unit->kind) {
    case Kind::bytes:
      return Bytes(*count);
    case Kind::rate:
      return BitsPerSecond(*count);
    case Kind::time:
      break;
  }
  return std::chrono::microseconds(*count);
}

std::optional<std::chrono::microseconds> duration(std::string_view text) {
  const auto value = measure(text);
  if (!value || !std::holds_alternative<std::chrono::microseconds>(*value)) return std::nullopt;
  return std::get<std::chrono::microseconds>(*value);
}

}  // namespace tuner::parse
