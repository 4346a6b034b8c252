#pragma once

#include <string>

/// What shells complete a command line with, made of the commands and their options.
namespace tuner::cli {

/// To be sourced, or to be a file of bash-completion's.
std::string bash_completion();
/// A file "_tuner" in a directory of fpath.
std::string zsh_completion();
/// A file of fish's completions.
std::string fish_completion();

}  // namespace tuner::cli
