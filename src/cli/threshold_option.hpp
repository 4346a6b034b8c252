#pragma once

#include "cli/exit_status.hpp"
#include "cli/options.hpp"
#include "tuner/report.hpp"
#include "tuner/threshold.hpp"

namespace tuner::cli {

inline constexpr Option kFailOnOption{"fail-on", "", "note|warning|error|never",
                                      "exit 2 on findings this severe (default: warning)"};

/// What --fail-on gives. Errors: usage, where it is not a severity.
Result<Threshold> threshold_of(const Invocation& invocation);

/// 2 goes before 3; what is below the threshold counts for neither.
ExitStatus status_of(const Summary& summary, Threshold threshold);

}  // namespace tuner::cli
