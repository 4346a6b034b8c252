#pragma once

#include <string>

#include "cli/options.hpp"
#include "render/style.hpp"
#include "tuner/report.hpp"

namespace tuner::cli {

/// The apply that sets what the errors and warnings of an audit want, so that it can be rolled
/// back, as it works here: with sudo for a user, without a time where no timer would last. Where no
/// sysctl fixes the worst of them, and it was counted, the sample that tells whether it goes on;
/// else empty. Where the profile asks for all of it, the profile alone.
std::string next_command(const Report& report, const Invocation& invocation,
                         render::Charset charset);

}  // namespace tuner::cli
