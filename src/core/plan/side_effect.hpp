#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuner {

/// The value that the kernel gives to `other` when `key` is changed to `value`; no value where it
/// leaves it alone.
std::optional<std::string> side_effect(std::string_view key, std::string_view value,
                                       std::string_view other);

}  // namespace tuner
