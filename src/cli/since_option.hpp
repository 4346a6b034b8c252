#pragma once

#include <optional>

#include "cli/options.hpp"
#include "tuner/former.hpp"

namespace tuner::cli {

inline constexpr Option kSinceOption{"since", "", "FILE",
                                     "show what changed since this earlier --json output"};

/// The document that --since names; no value where it is not given. Errors: what the file cannot be
/// read for, and usage, where it is not such a document.
Result<std::optional<FormerAudit>> former_audit_of(const Invocation& invocation);
Result<std::optional<FormerFleet>> former_fleet_of(const Invocation& invocation);

}  // namespace tuner::cli
