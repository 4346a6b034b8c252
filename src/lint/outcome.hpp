#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "boot/lines.hpp"

namespace tuner::lint {

/// What some of the measured readers make of a line.
struct LineOutcome {
  std::vector<std::string_view> readers{};
  std::vector<boot::SettingLine> lines{};
  bool abandons = false;  ///< they read no further

  [[nodiscard]] bool same(const LineOutcome& other) const {
    return lines == other.lines && abandons == other.abandons;
  }
};

/// One outcome where all readers agree on a line, and more where they do not.
std::vector<LineOutcome> outcomes_of(std::string_view line);

/// Where readers differ, what the line is judged by: an outcome that sets a key.
const LineOutcome& most_likely(const std::vector<LineOutcome>& outcomes);

/// "procps sets ...; systemd 252, 257 skips it".
std::string outcomes_text(const std::vector<LineOutcome>& outcomes);

}  // namespace tuner::lint
