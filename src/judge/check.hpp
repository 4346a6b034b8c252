#pragma once

#include "tuner/report.hpp"
#include "tuner/rule.hpp"

namespace tuner {

/// Runs every rule on the host, and on the profile where there is one. In the order of the rules.
std::vector<Finding> check(const AuditInput& input);

/// The rule of a finding name; null for a name that is not known.
const Rule* find_rule(std::string_view id);

/// The finding's own reason and source, or those of its rule.
std::string_view why_of(const Finding& finding);
std::string_view source_of(const Finding& finding);

}  // namespace tuner
