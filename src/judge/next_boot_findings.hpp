#pragma once

#include <vector>

#include "tuner/finding.hpp"
#include "tuner/rule.hpp"

namespace tuner {

/// Where the next boot sets a value that a rule finds fault with, the finding of
/// boot-differs-from-running says what the fault is, and is as bad.
void judge_next_boot(const AuditInput& input, std::vector<Finding>& findings);

}  // namespace tuner
