#pragma once

#include "tuner/profile.hpp"

namespace tuner {

/// A value for an input, of the connections that were watched on a host: rtt, the 95th percentile
/// of the least round trips to peers on other hosts, by the bytes moved; bandwidth, the speed of
/// the network card towards them, else the largest rate at which data went or came; connections,
/// the most to one peer or one listening port. Rounded up to two digits. Errors: failure, with a
/// hint, where too little moved to tell; usage, for another quantity.
Result<Input> measured_input(Quantified quantity, const HostSnapshot& host);

/// Puts what was measured in the place of inputs given as "measured". Errors: as above.
Result<void> measure_inputs(Profile& profile, const HostSnapshot& host,
                            std::chrono::sys_seconds now);

/// Whether an input of the profile waits to be measured.
bool waits_for_measurement(const Profile& profile);

}  // namespace tuner
