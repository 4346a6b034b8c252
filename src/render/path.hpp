#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/path.hpp"

namespace tuner::render {

/// What a path needs and what the present settings make of it.
std::string path_text(const PathNeeds& needs, const HostSnapshot& host, const Style& style);
std::string path_json(const PathNeeds& needs, const HostSnapshot& host, std::string_view version);

}  // namespace tuner::render
