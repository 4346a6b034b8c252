#pragma once

#include <vector>

#include "tuner/report.hpp"

namespace tuner::judge {

/// What changed between two audits: failures are the same where finding and subject are.
struct Since {
  std::vector<const Finding*> appeared{};  ///< worst first
  std::vector<FormerFinding> gone{};       ///< in the order of the former document
  int stayed = 0;
};

/// The failures of `findings` against those of `former`. One that cannot be judged now is neither
/// gone nor there, and counts nowhere: `gone` is only what is judged and does not fail.
Since since(const std::vector<Finding>& findings, const FormerAudit& former);

}  // namespace tuner::judge
