#pragma once

#include "cli/command.hpp"

namespace tuner::cli {

inline constexpr Option kOutputOption{"output", "o", "FILE",
                                      "write the report to FILE instead of stdout"};

/// Where --output asks for a file, the document goes there, wholly or not at all.
Result<Outcome> delivered(Outcome outcome, const Invocation& invocation);

}  // namespace tuner::cli
