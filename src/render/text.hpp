#pragma once

#include <string>

#include "render/style.hpp"
#include "tuner/report.hpp"

namespace tuner::render {

/// An audit for people: what is wrong first, its evidence under it, one verdict at the end.
std::string audit_text(const Report& report, const Style& style);

/// "1 error, 2 warnings; 80 checks pass, 3 do not apply here."
std::string audit_verdict(const Summary& summary);

}  // namespace tuner::render
