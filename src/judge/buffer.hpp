#pragma once

#include <vector>

#include "tuner/finding.hpp"
#include "tuner/path.hpp"
#include "tuner/rule.hpp"

namespace tuner::judge {

/// One side's buffer held against the path of the profile's inputs. None without a profile, or
/// where it names no path, or where the profile asks nothing of that buffer.
std::vector<Finding> buffer_findings(const AuditInput& input, BufferNeed PathNeeds::*side);

}  // namespace tuner::judge
