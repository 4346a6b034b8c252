#pragma once

#include "tuner/recommendation.hpp"

namespace tuner {

/// Judges by the counters since boot and by what listens: who opens the connections, how many there
/// were, how many segments each moved. The sockets of the moment are evidence where they were read,
/// and decide nothing, so that an audit, which does not read them, comes to the same.
Recommendation recommend(const HostSnapshot& host);

}  // namespace tuner
