#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuner {

/// The value that the kernel gives to `other` when `value` is written to `key`; no value where it
/// leaves it alone. `changed`: whether the key held something else before.
std::optional<std::string> side_effect(std::string_view key, std::string_view value,
                                       std::string_view other, bool changed = true);

}  // namespace tuner
