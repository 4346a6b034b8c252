#pragma once

#include <string>

#include "render/json_document.hpp"
#include "render/style.hpp"
#include "tuner/report.hpp"

/// What changed between the audit that a report is compared with and the report.
namespace tuner::render {

/// A paragraph: what is new, what is gone, how much is as it was. Empty where nothing is compared.
std::string since_text(const Report& report, const Style& style);

/// A section of a page; empty where nothing is compared.
std::string since_html(const Report& report);

/// An object, or null where nothing is compared.
Json since_object(const Report& report);

}  // namespace tuner::render
