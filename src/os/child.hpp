#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tuner/result.hpp"

namespace tuner::os {

/// What `work` returns in a process of its own, so that nothing that it does to itself stays.
/// Errors: no process or pipe to be had; one that died.
Result<std::string> in_child(const std::function<std::string()>& work);

/// Runs a program to its end, its output thrown away. The exit status, or -1.
int run_program(const std::vector<std::string>& words);

/// In a child that nobody listens to: nothing for the standard input and outputs.
void silence();

/// In a process that waits: of the signals that end one, only KILL, TERM, and those of its own
/// faults do so from here on.
void take_no_stray_signals();

/// In a child: it begins with the signals held that its parent holds.
void take_all_signals();

}  // namespace tuner::os
