#pragma once

#include <string>
#include <string_view>

namespace tuner::text {

/// With small letters for A to Z, whatever the locale.
inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

}  // namespace tuner::text
