#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tuner/result.hpp"

namespace tuner::os {

/// Leaves `tuner recover --expire ID --at TIME` behind, with a session of its own, in the
/// namespaces of this process. It is loaded before this returns, so that nothing has to be found at
/// its time. Returns "process:PID:START". Errors: it does not run, or systemd would kill it
/// together with its unit.
Result<std::string> leave_waiting(const std::string& id, std::chrono::milliseconds at);

/// In the process that waits: what it has mapped of files is the page cache's again until it is
/// needed. The files stay mapped, whatever becomes of their names.
void take_little_memory();

/// The process that waits under such a name; 0 where it has ended, or the name is another kind's.
int waiting_process(std::string_view timer);

}  // namespace tuner::os
