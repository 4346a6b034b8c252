#pragma once

#include "profile/fields.hpp"
#include "tuner/profile.hpp"

namespace tuner {

/// Reads the [inputs] of a profile into `profile`, which has its name already.
Result<void> read_inputs(const Fields& fields, Profile& profile);

/// The value of an input that is to be measured on the host.
inline constexpr std::string_view kMeasured = "measured";

/// Puts the inputs of a command line, each "NAME=VALUE", in the place of the profile's defaults.
/// Errors: usage, for what the profile does not declare and what is no value of its kind.
Result<void> give_inputs(std::span<const std::string> given, Profile& profile);

/// The value of an input from its text: "10Gbit", "80ms" (10 minutes at most), "5000", "25%". No
/// value for what is not of the input's kind, or not above zero.
std::optional<Input::Value> input_value(Quantified quantity, std::string_view text);

/// What an input looks like, for messages: "a time such as 80ms".
std::string_view input_form(Quantified quantity);

}  // namespace tuner
