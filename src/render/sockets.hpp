#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/socket_report.hpp"

namespace tuner::render {

std::string sockets_text(const SocketReport& report, const Style& style);
std::string sockets_json(const SocketReport& report, std::string_view version);

}  // namespace tuner::render
