#pragma once

#include <span>
#include <string>

#include "tuner/fact.hpp"
#include "tuner/profile.hpp"

namespace tuner::judge {

/// Whether to touch a key, in a sentence or two: what never helps, what is believed of it, and
/// which of the profiles ask for it and why.
std::string advice_on(const Fact& fact, std::span<const Profile> profiles);

}  // namespace tuner::judge
