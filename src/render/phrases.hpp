#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuner::render {

/// The words of a text; a command of tuner's and what it is given are one: "tuner rollback ID",
/// "# tuner: allow NAME REASON". A command that is broken over two lines cannot be copied, and the
/// texts that hold one come from everywhere, for JSON too, so that they cannot carry a mark.
std::vector<std::string> phrases(std::string_view text);

}  // namespace tuner::render
