#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/profile.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

/// "web01 · Linux 6.1.0 · 16 GiB · profile proxy", what a text is about. `profile` may be null.
std::string host_summary(const HostSnapshot& host, const Profile* profile);
/// The same in lines for a terminal.
std::string host_line(const HostSnapshot& host, const Profile* profile);

}  // namespace tuner::render
