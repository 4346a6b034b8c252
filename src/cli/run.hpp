#pragma once

#include <span>
#include <string>

namespace tuner::cli {

/// Runs the program with the arguments after its name, writes what it has to say, and returns the
/// exit status.
int run(std::span<const std::string> arguments);

}  // namespace tuner::cli
