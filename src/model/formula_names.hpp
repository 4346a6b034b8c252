#pragma once

#include <string_view>

#include "tuner/formula.hpp"
#include "tuner/units.hpp"

/// The names that a formula may use, and the numbers that it counts in.
namespace tuner {

/// Bytes a microsecond.
constexpr double formula_number(BitsPerSecond rate) {
  constexpr double kBitsASecond = 8e6;
  return static_cast<double>(rate.count()) / kBitsASecond;
}

struct QuantityRow {
  std::string_view name;
  Quantified quantity;
  Dimension dimension;
};

inline constexpr QuantityRow kQuantityRows[kQuantities] = {
    {"bandwidth", Quantified::bandwidth, {1, -1, Dimension::Counted::nothing}},
    {"rtt", Quantified::rtt, {0, 1, Dimension::Counted::nothing}},
    {"connections", Quantified::connections, {0, 0, Dimension::Counted::connections}},
    {"memory_share", Quantified::memory_share, {}},
    {"bdp", Quantified::bdp, {1, 0, Dimension::Counted::nothing}},
    {"memory", Quantified::memory, {1, 0, Dimension::Counted::nothing}},
    {"page_size", Quantified::page_size, {1, 0, Dimension::Counted::nothing}},
    {"cpus", Quantified::cpus, {}},
};

struct FunctionRow {
  std::string_view name;
  Formula::Kind kind;
};

inline constexpr FunctionRow kFunctions[] = {
    {"min", Formula::Kind::smaller},
    {"max", Formula::Kind::larger},
    {"receive_buffer", Formula::Kind::receive_buffer},
    {"send_buffer", Formula::Kind::send_buffer},
};

}  // namespace tuner
