#include "judge/fleet_since.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace tuner::judge {

namespace {

using Hosts = std::set<std::string>;
using CensusName = std::pair<std::string, std::string>;

/// The hosts of one finding, whatever its severity.
using Census = std::map<CensusName, Hosts>;

std::vector<std::string> only_in(const Hosts& these, const Hosts& those) {
  std::vector<std::string> result;
  std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                      std::back_inserter(result));
  return result;
}

Hosts both(const Hosts& these, const Hosts& those) {
  Hosts result;
  std::set_intersection(these.begin(), these.end(), those.begin(), those.end(),
                        std::inserter(result, result.end()));
  return result;
}

Hosts names_in(const FleetReport& report, const HostNumbers& numbers) {
  Hosts names;
  for (const std::uint32_t number : numbers) names.insert(report.hosts[number].name);
  return names;
}

const std::string& about_of(const FleetFinding& finding) {
  return finding.key.empty() ? finding.subject : finding.key;
}

Census census_of(const FleetReport& report) {
  Census census;
  for (const FleetFinding& finding : report.findings) {
    census[{finding.id, about_of(finding)}].merge(names_in(report, finding.hosts));
  }
  return census;
}

Census census_of(const FormerFleet& former) {
  Census census;
  for (const FormerFleetFinding& finding : former.findings) {
    census[{finding.id, finding.about}].insert(finding.hosts.begin(), finding.hosts.end());
  }
  return census;
}

void add(std::vector<FleetChange>& changes, FleetChange change) {
  if (!change.hosts.empty()) changes.push_back(std::move(change));
}

}  // namespace

FleetSince fleet_since(const FleetReport& report, const FormerFleet& former) {
  Hosts now;
  Hosts judged;
  for (const FleetHost& host : report.hosts) {
    now.insert(host.name);
    if (host.summary.unknown == 0) judged.insert(host.name);
  }
  const Hosts before(former.hosts.begin(), former.hosts.end());
  FleetSince since{.new_hosts = only_in(now, before), .missing_hosts = only_in(before, now)};
  const Census had = census_of(former);
  const Census have = census_of(report);
  const auto hosts_of = [](const Census& census, const CensusName& name) {
    const auto found = census.find(name);
    return found == census.end() ? Hosts() : found->second;
  };
  for (const FleetFinding& finding : report.findings) {
    const CensusName name(finding.id, about_of(finding));
    const Hosts here = both(names_in(report, finding.hosts), before);
    add(since.appeared, {.id = finding.id,
                         .about = name.second,
                         .severity = finding.severity,
                         .hosts = only_in(here, hosts_of(had, name))});
  }
  for (const FormerFleetFinding& finding : former.findings) {
    const CensusName name(finding.id, finding.about);
    const Hosts there = both(Hosts(finding.hosts.begin(), finding.hosts.end()), judged);
    add(since.gone, {.id = finding.id,
                     .about = finding.about,
                     .severity = finding.severity,
                     .hosts = only_in(there, hosts_of(have, name))});
  }
  return since;
}

}  // namespace tuner::judge
