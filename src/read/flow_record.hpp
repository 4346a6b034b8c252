#pragma once

#include <string>
#include <string_view>

#include "tuner/flows.hpp"
#include "tuner/observed.hpp"

namespace tuner::parse {

/// A survey as a snapshot keeps it: a line for all of it, and one for each connection.
std::string flow_records_text(const FlowSurvey& survey);

/// And back. Malformed, with the line, where a number is none or an address is missing.
Observed<FlowSurvey> flow_records(std::string_view text);

}  // namespace tuner::parse
