#pragma once

#include <cstdint>
#include <optional>

#include "tuner/finding.hpp"

namespace tuner::judge {

/// How bad it is that `used` of `limit` places are taken: near from 80 in 100, full from 95. No
/// value below that, and without a limit.
std::optional<Severity> weigh_fill(std::int64_t used, std::int64_t limit);

}  // namespace tuner::judge
