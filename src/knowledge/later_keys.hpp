#pragma once

#include <span>
#include <string_view>

#include "tuner/kernel.hpp"

namespace tuner {

/// A key of which nothing else is known here, but that a later kernel brought it.
struct LaterKey {
  std::string_view key;     ///< "*" for the name of an interface
  KernelVersion absent{};   ///< the newest captured kernel without it
  KernelVersion present{};  ///< the oldest with it
};

/// All of them; tests/unit/facts_test.cpp holds them against the captured kernels.
std::span<const LaterKey> later_keys();

/// Null for a key that is not among them.
const LaterKey* find_later_key(std::string_view key);

}  // namespace tuner
