#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/fleet.hpp"

/// Many hosts at once: which findings on how many, and who differs from the rest.
namespace tuner::render {

std::string fleet_text(const FleetReport& report, const Style& style);
std::string fleet_json(const FleetReport& report, std::string_view version);
std::string fleet_html(const FleetReport& report, std::string_view version);

/// "2 hosts have errors, 1 has warnings, 7 have nothing wrong; 1 could not be read."
std::string fleet_verdict(const FleetReport& report);

/// What a finding is about in general.
std::string_view meaning_of(const FleetFinding& finding);

/// "web01, web02 and 7 more"; where nearly all are meant, "all but web03".
std::string names_of(const FleetReport& report, const HostNumbers& hosts);

}  // namespace tuner::render
