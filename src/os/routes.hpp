#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/result.hpp"
#include "tuner/route.hpp"

namespace tuner::os {

/// The default routes of this namespace's main table, IPv4 and IPv6, by rtnetlink. Errors: the
/// kernel does not answer.
Result<std::vector<DefaultRoute>> read_default_routes();

/// Changes the windows of the route that `identity` names, and echoes all else that the kernel
/// tells of it. Errors: there is no such route; it cannot be changed; the kernel refuses.
Result<void> write_route(const std::string& identity, RouteWindows windows);

}  // namespace tuner::os
