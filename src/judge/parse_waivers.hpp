#pragma once

#include "tuner/report.hpp"

namespace tuner {

/// Reads waivers.toml. Errors: ErrorKind::configuration with line, column and field.
Result<std::vector<Waiver>> parse_waivers(std::string_view text, const std::string& file);

/// Marks the failures that a waiver covers on `today`, and says in the result which waivers have
/// run out and which cover nothing.
std::vector<std::string> apply_waivers(std::vector<Finding>& findings,
                                       const std::vector<Waiver>& waivers,
                                       std::chrono::year_month_day today);

}  // namespace tuner
