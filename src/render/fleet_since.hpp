#pragma once

#include <string>

#include "judge/fleet.hpp"
#include "render/json_document.hpp"
#include "render/style.hpp"

/// What changed between the collection that a fleet is compared with and the fleet.
namespace tuner::render {

/// Paragraphs, one for each finding that came or went; empty where nothing is compared.
std::string fleet_since_text(const FleetReport& report, const Style& style);

/// A section of a page; empty where nothing is compared.
std::string fleet_since_html(const FleetReport& report);

/// An object, or null where nothing is compared.
Json fleet_since_object(const FleetReport& report);

}  // namespace tuner::render
