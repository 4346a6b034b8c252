#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tuner/transaction.hpp"

namespace tuner {

/// Whether the kernel means the same by two values of a sysctl: elements as numbers, lists of ports
/// as sets, times within the tick to which the kernel rounds a write up.
bool same_sysctl(std::string_view key, std::string_view left, std::string_view right);

/// The same for the values of a step; files are compared byte by byte.
bool same_value(const Step& step, const std::optional<std::string>& left,
                const std::optional<std::string>& right);

/// Whether each element of `live` is that of the original or that of the wanted value: the kernel
/// writes a vector element by element, and may stop in the middle.
bool is_mix(const Step& step, const std::optional<std::string>& live);

}  // namespace tuner
