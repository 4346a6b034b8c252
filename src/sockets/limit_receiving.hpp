#pragma once

#include "sockets/limit_case.hpp"

namespace tuner::limits {

/// What holds back the sender, as far as the receiver can tell: its own window, its application,
/// the path; else unknown.
void judge_receiving(const Case& seen, FlowLimit& limit);

}  // namespace tuner::limits
