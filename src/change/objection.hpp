#pragma once

#include <optional>
#include <string>

#include "tuner/plan.hpp"

namespace tuner {

/// Why a value must not be written although the kernel might take it: outside of what the key's
/// fact allows, elements in the wrong number or order, too long for one write. No value where
/// nothing speaks against it.
std::optional<std::string> objection_to(const Change& change, const HostSnapshot& host);

/// Whether taking a value back does not bring back what was there.
bool is_one_way(std::string_view key);

}  // namespace tuner
