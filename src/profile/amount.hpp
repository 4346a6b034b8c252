#pragma once

#include <string>

#include "profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads the value of a demand into `demand`: numbers in the key's unit (bytes for keys that count
/// pages or KiB), or words. Checks units, the number of elements and the key's range.
Result<void> read_amount(const Fields& fields, const parse::TomlValue& value, Demand& demand);

/// Whether a profile gives sizes for such a key, whatever the kernel counts them in.
bool counts_bytes(Unit unit);

/// What can be demanded, as far as no host has a say. Limits and routes have no fact: fs.nr_open
/// bounds the one, the type of the attribute the other.
Range range_of_demand(const Demand& demand);

}  // namespace tuner
