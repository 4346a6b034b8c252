#pragma once

#include <string>

#include "cli/command.hpp"

namespace tuner::cli {

std::string version_text();
std::string program_help();
std::string command_help(const Command& command);

}  // namespace tuner::cli
