#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

#include "tuner/units.hpp"

namespace tuner::parse {

/// A number with its unit, as profiles and options write it.
using Measure = std::variant<Bytes, BitsPerSecond, std::chrono::microseconds>;

/// "16MiB", "131072 B", "2.5Gbit", "80 ms". Units: B, KiB, MiB, GiB, TiB, kB, MB, GB; kbit, Mbit,
/// Gbit; us, ms, s, min. No value for anything else, a missing unit, an overflow, or what comes to
/// not a whole number of bytes, bits a second or microseconds.
std::optional<Measure> measure(std::string_view text);

/// A length of time: "10s", "250 ms".
std::optional<std::chrono::microseconds> duration(std::string_view text);

}  // namespace tuner::parse
