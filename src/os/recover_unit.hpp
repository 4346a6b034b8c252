#pragma once

#include "tuner/result.hpp"

namespace tuner::os {

enum class Enabling {
  done,
  not_needed,  ///< it was enabled before, by whomever; or the unit is not there, or is masked
};

/// Has every boot finish what was cut off, by tuner-recover.service: makes the link that
/// `systemctl enable` would make, durably, and a mark below /var/lib/tuner, so that it is done once
/// in the life of a host: an administrator who disables it later has decided. Errors: the link or
/// the mark cannot be made.
Result<Enabling> enable_recovery();

}  // namespace tuner::os
