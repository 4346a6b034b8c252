#pragma once

#include <cstdint>

#include "tuner/counters.hpp"
#include "tuner/observed.hpp"

namespace tuner {
class HostSnapshot;
}

/// How full the tables of a host are. A rule and a bar of the page both ask here, so that one thing
/// has one number.
namespace tuner::judge {

struct Level {
  std::int64_t used = 0;
  std::int64_t limit = 0;
};

/// One table of neighbours, for all namespaces.
struct NeighbourFamily {
  const char* name;
  const char* key;     ///< what limits it
  const char* source;  ///< where its entries are told
  Observed<NeighbourTable> HostSnapshot::*table;
};

extern const NeighbourFamily kNeighbourFamilies[2];

/// Unread: the limit where that could not be read, else what is taken.
Observed<Level> conntrack_level(const HostSnapshot& host);
Observed<Level> neighbour_level(const NeighbourFamily& family, const HostSnapshot& host);
Observed<Level> orphan_level(const HostSnapshot& host);
Observed<Level> time_wait_level(const HostSnapshot& host);
Observed<Level> tcp_memory_level(const HostSnapshot& host);
Observed<Level> file_level(const HostSnapshot& host);

}  // namespace tuner::judge
