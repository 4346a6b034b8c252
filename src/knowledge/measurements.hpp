#pragma once

#include <span>
#include <string_view>
#include <vector>

/// What the lab (tests/lab) measured of single keys.
namespace tuner {

struct Measurement {
  std::string_view key{};
  std::string_view effect{};  ///< one sentence: the figures without a value and with it
  std::string_view kernel{};  ///< the release that it was measured on
  std::string_view date{};    ///< YYYY-MM-DD
};

namespace lab {
/// Everything in tests/lab/RESULTS.json, as it is there; made by the build.
extern const std::span<const Measurement> kAll;
}  // namespace lab

/// Those of one key; none where the lab has no experiment on it.
std::vector<Measurement> measurements_of(std::string_view key);

}  // namespace tuner
