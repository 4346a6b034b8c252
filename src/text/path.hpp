#pragma once

#include <string_view>

namespace tuner::text {

/// What is behind the last slash.
constexpr std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace tuner::text
