#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace tuner::text {

/// The parts in a row with `separator` between them: "a, b, c". Parts are texts or numbers.
template <class Range>
std::string joined(const Range& parts, std::string_view separator) {
  std::string text;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) text += separator;
    first = false;
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(part)>>) {
      text += std::to_string(part);
    } else {
      text += part;
    }
  }
  return text;
}

}  // namespace tuner::text
