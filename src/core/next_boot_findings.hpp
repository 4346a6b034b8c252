#pragma once

#include <vector>

#include "tuner/finding.hpp"
#include "tuner/rule.hpp"

namespace tuner {

/// The failures of the rules that judge values by themselves, whatever was counted: warnings and
/// errors about a key.
std::vector<Finding> judge_values(const HostSnapshot& host);

/// Where the next boot sets a value that a rule finds fault with, the finding of
/// boot-differs-from-running says what the fault is, and is as bad.
void judge_next_boot(const AuditInput& input, std::vector<Finding>& findings);

}  // namespace tuner
