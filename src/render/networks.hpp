#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/network_report.hpp"

namespace tuner::render {

std::string networks_text(const NetworkReport& report, const Style& style);
std::string networks_json(const NetworkReport& report, std::string_view version);

}  // namespace tuner::render
