#pragma once

#include "tuner/report.hpp"

namespace tuner {

/// The failures in the order of worst_first(), each under its cause: a listener whose queue is full
/// is one block, not a full queue, a cap and unanswered connects to itself.
std::vector<FindingGroup> group_failures(const std::vector<Finding>& findings);

/// The same summary with the numbers of the blocks in the place of single failures.
Summary as_shown(Summary summary, const std::vector<FindingGroup>& groups);

}  // namespace tuner
