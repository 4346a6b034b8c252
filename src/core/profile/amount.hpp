#pragma once

#include <string>

#include "core/profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads the value of a demand into `demand`: numbers in the key's unit (bytes for keys that count
/// pages or KiB), or words. Checks units, the number of elements and the key's range.
Result<void> read_amount(const Fields& fields, const parse::TomlValue& value, Demand& demand);

}  // namespace tuner
