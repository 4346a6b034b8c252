#pragma once

#include <span>

#include "tuner/fact.hpp"

namespace tuner::facts {

/// The rows of one file; the build lists all files of this directory that define one.
struct FactArea {
  std::span<const Fact> rows;
};

/// Every area, sorted by name; made by the build.
extern const std::span<const FactArea* const> kAll;

}  // namespace tuner::facts
