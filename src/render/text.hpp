#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/report.hpp"

namespace tuner::render {

/// An audit for people: what is wrong first, its evidence under it, one verdict at the end.
std::string audit_text(const Report& report, const Style& style);

}  // namespace tuner::render
