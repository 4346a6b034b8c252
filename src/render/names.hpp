#pragma once

#include <string_view>

#include "tuner/fact.hpp"
#include "tuner/profile.hpp"

/// The words for the parts of facts and profiles, the same in text and JSON.
namespace tuner::render {

std::string_view area_name(Area area);
std::string_view scope_name(Scope scope);
std::string_view child_name(Child child);
std::string_view ipv6_name(Ipv6 ipv6);
std::string_view effect_name(Effect effect);
std::string_view outside_name(Outside outside);

}  // namespace tuner::render
