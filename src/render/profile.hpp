#pragma once

#include <span>
#include <string>

#include "render/style.hpp"
#include "tuner/profile.hpp"

namespace tuner::render {

/// A line for each profile: its name and what it is for; of the verdict alone, the name.
std::string profile_list_text(std::span<const Profile> profiles, const Style& style);

/// A profile with its includes merged in and its formulas worked out for `host`, as TOML that
/// validates. Comments say where each demand is from, what gave way to it, and how its numbers came
/// about.
std::string profile_toml(const Profile& profile, const HostSnapshot& host);

}  // namespace tuner::render
