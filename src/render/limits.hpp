#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/socket_report.hpp"

namespace tuner::render {

/// The connections that moved data, the most first, and what keeps each from being faster.
std::string limits_text(const SocketReport& report, const Style& style);

}  // namespace tuner::render
