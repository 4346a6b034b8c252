#pragma once

#include <optional>

#include "tuner/result.hpp"

namespace tuner::os {

/// Why a process that is left behind here would end before its time, with what it stands on: the
/// PID namespace, when its first process ends. No value where it lasts as long as what it is to
/// take back.
std::optional<Error> cannot_outlive();

/// Moves this process to a control group that nobody ends: systemd ends that of a unit or session.
/// Errors: systemd runs here and no such group can be reached.
Result<void> enter_lasting_group();

}  // namespace tuner::os
