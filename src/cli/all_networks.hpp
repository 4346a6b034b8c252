#pragma once

#include "cli/audit_session.hpp"
#include "tuner/network_report.hpp"

namespace tuner::cli {

/// Audits every network namespace that has processes, each in a process of its own. Errors: no
/// namespace that this user may see.
Result<NetworkReport> audit_all_networks(const AuditRequest& request);

}  // namespace tuner::cli
