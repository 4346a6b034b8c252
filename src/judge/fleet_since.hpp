#pragma once

#include <string>
#include <vector>

#include "judge/fleet.hpp"

namespace tuner::judge {

/// A failure that some hosts have got, or no longer have.
struct FleetChange {
  std::string id{};
  std::string about{};  ///< the key, else the subject; empty where each host has its own
  Severity severity = Severity::info;
  std::vector<std::string> hosts{};
};

/// What changed between two collections. Hosts are the same where their directories have one name.
struct FleetSince {
  std::vector<FleetChange> appeared{};  ///< in the order of the report's findings
  std::vector<FleetChange> gone{};      ///< in the order of the former document
  std::vector<std::string> new_hosts{};
  std::vector<std::string> missing_hosts{};
};

/// Only hosts of both collections count in `appeared` and `gone`, and of these only those that were
/// judged in full now count as free of a failure.
FleetSince fleet_since(const FleetReport& report, const FormerFleet& former);

}  // namespace tuner::judge
