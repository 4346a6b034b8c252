#pragma once

#include <optional>

#include "tuner/finding.hpp"

namespace tuner {

/// The severity from which on a failure counts, as --fail-on gives it; no value: none does.
using Threshold = std::optional<Severity>;

/// Whether a finding is a failure that counts.
inline bool reaches_threshold(const Finding& finding, Threshold threshold) {
  return finding.status == Status::fail && threshold && finding.severity >= *threshold;
}

}  // namespace tuner
