#pragma once

#include <string>
#include <string_view>

namespace tuner::os {

/// The SHA-256 of `text` in hexadecimal, as sha256sum prints it.
std::string sha256(std::string_view text);

}  // namespace tuner::os
