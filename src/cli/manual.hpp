#pragma once

#include <string>
#include <string_view>

#include "tuner/result.hpp"

namespace tuner::cli {

/// A page of the manual made of its text: what stands in the tables of commands and options is put
/// where the page asks for it, so that a page in any language names them as the program does.
///
///   .\" @synopsis          one usage for each command
///   .\" @command NAME      the head of the entry of a command, and its examples
///   .\" @option NAME...    the head of an entry for these options
///
/// Errors: an unknown name, a command or an option that the page leaves out or has twice.
Result<std::string> fill_manual(std::string_view text);

}  // namespace tuner::cli
