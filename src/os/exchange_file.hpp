#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tuner/result.hpp"

/// Files that others may edit at any moment: nothing of theirs is lost.
namespace tuner::os {

/// Gives a file that others may edit another text, or takes it away where that has no value, but
/// only where it still holds `present`: what comes up to the last moment is taken out with the old
/// file, seen, and put back. A directory of drop-ins that is empty then goes with it. Errors:
/// somebody was first; nothing of theirs is lost.
Result<void> exchange_file(const std::string& path, const std::optional<std::string>& present,
                           const std::optional<std::string>& text, unsigned mode);

/// Ends what an exchange_file() left that was cut off. `ours` are the texts that it moved: what it
/// took out beside them is somebody's, and goes back.
Result<void> settle_exchange(const std::string& path,
                             const std::vector<std::optional<std::string>>& ours);

}  // namespace tuner::os
