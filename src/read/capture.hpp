#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::parse {

/// What capture.toml says beside a captured tree.
struct Capture {
  Observed<PageSize> page_size = absent();
  std::string architecture;
  std::optional<NetworkNamespace> network_namespace;
};

Observed<Capture> capture(std::string_view text);

}  // namespace tuner::parse
