#pragma once

#include <span>
#include <string>

#include "cli/command.hpp"

namespace tuner::cli {

/// Colour (--color, then NO_COLOR, then CLICOLOR_FORCE, then whether stdout is a terminal that has
/// it), the terminal's width, the locale's character set, and the format that was asked for, one of
/// those that the command has.
Result<Manner> manner_of(const Invocation& invocation, const Command& command);

/// Whether $TERM names a terminal that colours and erases.
bool has_escapes();

/// The format that a command line asks for which may not be understood; empty where none.
std::string asked_format(std::span<const std::string> arguments);

}  // namespace tuner::cli
