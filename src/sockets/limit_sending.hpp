#pragma once

#include "sockets/limit_case.hpp"

namespace tuner::limits {

/// What holds back the sender.
void judge_sending(const Case& seen, FlowLimit& limit);

}  // namespace tuner::limits
