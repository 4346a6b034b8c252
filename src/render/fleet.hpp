#pragma once

#include <string>
#include <string_view>

#include "judge/fleet.hpp"
#include "render/style.hpp"

/// Many hosts at once: which findings on how many, and who differs from the rest.
namespace tuner::render {

std::string fleet_text(const FleetReport& report, const Style& style);
std::string fleet_json(const FleetReport& report, std::string_view version);
std::string fleet_html(const FleetReport& report, std::string_view version);

/// "2 of 10 hosts have errors now; 1 host has warnings, 7 have nothing wrong, 1 could not be read."
std::string fleet_verdict(const FleetReport& report);

/// What a finding is about in general.
std::string_view meaning_of(std::string_view finding);

/// The rows of one finding and severity, each with another key or subject.
using FindingRows = std::vector<const FleetFinding*>;
/// In the order in which the first of each stands there.
std::vector<FindingRows> rows_by_finding(const std::vector<FleetFinding>& findings);
/// The hosts that have any of them.
HostNumbers hosts_with(const FindingRows& rows);

/// "web01, web02 and 7 more"; where nearly all are meant, "all but web03".
std::string names_of(const FleetReport& report, const HostNumbers& hosts);

}  // namespace tuner::render
