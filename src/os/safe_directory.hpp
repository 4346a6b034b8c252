#pragma once

#include <string>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

inline constexpr const char* kStateDirectory = "/var/lib/tuner";
inline constexpr const char* kTransactions = "/var/lib/tuner/transactions";
inline constexpr const char* kRunDirectory = "/run/tuner";

/// Opens a directory of tuner's own; its parent has to be there. Errors: it is a link or no
/// directory, it belongs to somebody else, or others may write to it.
Result<Descriptor> open_own_directory(const std::string& path);

/// The same, made where it is missing. It is durable before this returns.
Result<Descriptor> make_own_directory(const std::string& path, unsigned mode);

/// /var/lib/tuner, with one mode whichever command makes it: all may see what there is, and each
/// file in it says who may read it.
Result<Descriptor> make_state_directory();

}  // namespace tuner::os
