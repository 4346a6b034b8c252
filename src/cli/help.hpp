#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tuner::cli {

std::string version_text();
std::string program_help();
std::string command_help(const Command& command);

/// The parts of a command line, from the command's tables: "KEY...", "[--profile NAME]",
/// "[--runtime-only | --persist-only]".
std::vector<std::string> synopsis_parts(const Command& command);

/// "Usage: tuner apply [--profile NAME] ...", within 80 columns.
std::string usage_line(const Command& command);

}  // namespace tuner::cli
