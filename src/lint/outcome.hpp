#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/lines.hpp"

namespace tuner::lint {

/// What some of the measured readers make of a line.
struct Outcome {
  std::vector<std::string_view> readers{};
  std::vector<boot::SettingLine> lines{};
  bool abandons = false;  ///< they read no further

  [[nodiscard]] bool same(const Outcome& other) const {
    return lines == other.lines && abandons == other.abandons;
  }
};

/// One outcome where all readers agree on a line, and more where they do not.
std::vector<Outcome> outcomes_of(std::string_view line);

/// Where readers differ, what the line is judged by: an outcome that sets a key.
const Outcome& most_likely(const std::vector<Outcome>& outcomes);

/// "procps sets ...; systemd 252, 257 leaves it out".
std::string describe(const std::vector<Outcome>& outcomes);

}  // namespace tuner::lint
