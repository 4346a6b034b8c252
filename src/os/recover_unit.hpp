#pragma once

#include "tuner/result.hpp"

namespace tuner::os {

/// Has every boot finish what was cut off, by tuner-recover.service: makes the link that
/// `systemctl enable` would make, durably. Does nothing where the unit is not installed, is masked,
/// or is enabled. Errors: the link cannot be made.
Result<void> enable_recovery();

}  // namespace tuner::os
