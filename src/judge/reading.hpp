#pragma once

#include "tuner/reading.hpp"

namespace tuner {

/// What an audit looks at: what the rules read, the facts that are judged against the kernel's
/// default or its readers, and what the profile asks about. Few of the thousand files below
/// /proc/sys.
Reading reading_for(const Profile* profile);

/// What a plan looks at: the same sysctls, and of the sockets only those that listen.
Reading plan_reading_for(const Profile& profile);

}  // namespace tuner
