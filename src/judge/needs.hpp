#pragma once

#include "tuner/path.hpp"

namespace tuner {

PathNeeds needs_of(const Path& path, const HostSnapshot& host);

/// The sysctls that needs_of() looks at.
std::span<const std::string_view> keys_of_path();

}  // namespace tuner
