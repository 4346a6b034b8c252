#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

/// What rtnetlink told a snapshot: a line for each route or interface, and back.
namespace tuner::parse {

std::string route_records(const std::vector<DefaultRoute>& routes);
Observed<std::vector<DefaultRoute>> default_routes(std::string_view text);

std::string interface_records(const std::vector<InterfaceDrops>& interfaces);
Observed<std::vector<InterfaceDrops>> interface_drops(std::string_view text);

}  // namespace tuner::parse
