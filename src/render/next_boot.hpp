#pragma once

#include <string>
#include <vector>

#include "change/next_boot.hpp"

namespace tuner::render {

/// A sentence for each thing that the next boot changes; none where it leaves all as it is.
std::vector<std::string> next_boot_sentences(const NextBoot& next);

}  // namespace tuner::render
