#pragma once

#include <string>
#include <vector>

namespace tuner::render {

/// A table for people: two blanks between columns. Those whose head begins with '>' are set to the
/// right, as numbers are.
std::string columns(std::vector<std::string> heads, std::vector<std::vector<std::string>> rows);

}  // namespace tuner::render
