#pragma once

#include <string_view>

/// What every page carries in itself, since nothing is fetched.
namespace tuner::render {

extern const std::string_view kHtmlStyle;

/// Filters and sorts the tables of a fleet. Without it they stand in order, under anchors.
extern const std::string_view kHtmlScript;
/// Its SHA-256 as a Content-Security-Policy has it, which lets a browser run this script alone.
/// tests/unit/page_test.cpp says what it has to be after a change.
extern const std::string_view kHtmlScriptHash;

}  // namespace tuner::render
