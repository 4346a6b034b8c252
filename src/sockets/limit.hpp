#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tuner/flows.hpp"

namespace tuner {

class HostSnapshot;

/// Every direction of every connection of a survey that moved data, the most bytes first. `host`
/// tells the sizes that buffers may grow to. Points into `survey`.
std::vector<FlowLimit> flow_limits(const FlowSurvey& survey, const HostSnapshot& host);

/// The setting that lets the connection go on; no value where no sysctl does.
std::optional<Setting> setting_that_frees(const FlowLimit& limit, const HostSnapshot& host);

/// The sysctls that flow_limits() looks at.
std::span<const std::string_view> keys_of_limits();

/// "send-buffer", as JSON has it.
std::string_view limit_name(LimitedBy limit);

}  // namespace tuner
