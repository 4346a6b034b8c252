#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuner {

/// The value that the kernel gives to `other` when `value` is written to `key`; no value where it
/// leaves it alone. `changed`: whether the key held something else before.
std::optional<std::string> side_effect(std::string_view key, std::string_view value,
                                       std::string_view other, bool changed = true);

/// The keys below /proc/sys that the kernel may write when it writes `path`; a `*` stands for the
/// name of an interface.
std::vector<std::string> followers_of(std::string_view path);

}  // namespace tuner
