#pragma once

#include "tuner/report.hpp"

namespace tuner {

/// One value for each key that fixes set: where two findings ask for different ones, both get the
/// larger of those that are room, else what the worse finding says.
void settle_fixes(std::vector<Finding>& findings);

/// Of failures that are at least as bad as `least`.
Remedy remedy_of(const std::vector<Finding>& findings, Severity least);

}  // namespace tuner
