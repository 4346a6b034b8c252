#pragma once

#include <chrono>
#include <optional>

#include "cli/options.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

/// The time of --sample; no value without it. Errors: usage, for what is not a time from 1 ms to 1
/// h, and for a captured tree.
Result<std::optional<std::chrono::milliseconds>> sample_of(const Invocation& invocation);

}  // namespace tuner::cli
