#pragma once

#include "tuner/profile.hpp"

namespace tuner {

/// One sysctl with the value that somebody gave it, from "KEY=VALUE". Short names are completed:
/// somaxconn is net.core.somaxconn. Errors: usage, for what is of no such form.
Result<Setting> parse_setting(std::string_view text);

/// Puts a demand for each setting in the place of the profile's own on that key. A bare number
/// counts what the key counts, as in a sysctl file. A range of local ports comes with the ports of
/// services reserved. `option` is who asks, "--set" or "--fix", for messages. Errors: usage, for
/// keys without a fact and values that the key does not take.
Result<void> give_settings(std::span<const AskedSetting> settings, std::string_view option,
                           Profile& profile);

}  // namespace tuner
