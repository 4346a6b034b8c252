#include "core/parse/measure.hpp"

#include <algorithm>

#include "core/parse/number.hpp"

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
    {"us", Kind::time, 1},
    {"ms", Kind::time, kKilo},
    {"s", Kind::time, kKilo* kKilo},
    {"min", Kind::time, 60 * kKilo* kKilo},
};

}  // namespace

std::optional<Measure> measure(std::string_view text) {
  text = trim(text);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = integer(text.substr(0, digits));
  const std::string_view name = trim(text.substr(digits));
  const auto* const unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                        [name](const UnitRow& row) { return row.name == name; });
  if (!number || unit == std::end(kUnits)) return std::nullopt;
  const auto count = checked_multiply(Bytes(*number), unit->factor);
  if (!count) return std::nullopt;
  switch (unit->kind) {
    case Kind::bytes:
      return *count;
    case Kind::rate:
      return BitsPerSecond(count->count());
    case Kind::time:
      break;
  }
  return std::chrono::microseconds(count->count());
}

std::optional<std::chrono::microseconds> duration(std::string_view text) {
  const auto value = measure(text);
  if (!value || !std::holds_alternative<std::chrono::microseconds>(*value)) return std::nullopt;
  return std::get<std::chrono::microseconds>(*value);
}

}  // namespace tuner::parse
