#pragma once

#include "tuner/plan.hpp"

namespace tuner {

/// Holds a fitted profile against a host. Deterministic: the same profile and host are the same
/// plan. A plan for a host that has every wanted value is empty.
Plan make_plan(const Profile& profile, const HostSnapshot& host);

}  // namespace tuner
