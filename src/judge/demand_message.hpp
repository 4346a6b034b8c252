#pragma once

#include <string>

#include "judge/demand.hpp"

namespace tuner::judge {

/// A judgement in one plain sentence on the present state.
std::string message_of(const Judgement& judgement, const HostSnapshot& host);

}  // namespace tuner::judge
