#pragma once

#include <functional>
#include <string>

#include "tuner/result.hpp"

namespace tuner::os {

/// What `work` returns in a process of its own, so that nothing that it does to itself stays.
/// Errors: no process or pipe to be had; one that died.
Result<std::string> in_child(const std::function<std::string()>& work);

}  // namespace tuner::os
