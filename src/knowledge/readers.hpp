#pragma once

#include "tuner/sysctl_reader.hpp"

namespace tuner {

/// The implementations, oldest first within a family.
std::span<const Reader> all_readers();

/// By name; null for a name that is not known.
const Reader* find_reader(std::string_view name);

/// The measured implementation that is nearest to a version ("252.38-1~deb12u1", "2:4.0.4-9"): the
/// newest that is not newer, or the oldest. Null for a text without a number.
const Reader* nearest_reader(ReaderFamily family, std::string_view version);

/// The newest implementation that was measured.
const Reader* newest_reader(ReaderFamily family);

std::string_view family_name(ReaderFamily family);

}  // namespace tuner
