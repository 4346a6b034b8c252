#pragma once

#include "os/file_source.hpp"
#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/reading.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::os {

/// What hangs on the host beside its sysctls, counters and sockets, as far as it is asked for:
/// default routes, neighbour tables, open files, the drops of interfaces.
void read_evidence(FileSource& files, Kernel kernel, const Reading& reading, HostSnapshot& host);

/// What of it counts, for a sample: as much as `host` has of it.
void read_evidence_again(FileSource& files, Kernel kernel, HostSnapshot& host);

inline constexpr const char* kRouteRecords = "records/default-routes";
inline constexpr const char* kInterfaceRecords = "records/interfaces";

}  // namespace tuner::os
