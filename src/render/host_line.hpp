#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::render {

/// "web01 · Linux 6.1.0 · 16 GiB · profile proxy", what a text is about. `profile` may be null.
std::string host_summary(const HostSnapshot& host, const Profile* profile);
/// The same in lines for a terminal.
std::string host_line(const HostSnapshot& host, const Profile* profile, const Style& style);

}  // namespace tuner::render
