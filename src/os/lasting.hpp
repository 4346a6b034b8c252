#pragma once

#include <optional>
#include <string>

#include "tuner/result.hpp"

namespace tuner::os {

/// Why a process that is left behind here would end before its time, with what it stands on: the
/// PID namespace, when its first process ends. No value where it lasts as long as what it is to
/// roll back.
std::optional<Error> cannot_outlive();

/// The control group of this process that systemd ends with a unit or session; empty where it is in
/// none.
std::string ending_group();

/// Moves this process to a control group that nobody ends. False where none can be reached.
bool enter_lasting_group();

}  // namespace tuner::os
