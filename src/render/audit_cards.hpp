#pragma once

#include <string>
#include <vector>

#include "tuner/report.hpp"

namespace tuner::render {

/// Failures as cards, in the groups of the text: what follows from another under its heading, many
/// of one kind as one list. The card of the group at place 0 has the anchor "f1".
std::string audit_cards(const std::vector<FindingGroup>& groups);

/// A table of contents where there are more cards than are seen at once; else empty.
std::string card_contents(const std::vector<FindingGroup>& groups);

/// What sets the values, and what nobody can set: each with the card that it is about.
std::string audit_steps(const Report& report, const std::vector<FindingGroup>& groups);

}  // namespace tuner::render
