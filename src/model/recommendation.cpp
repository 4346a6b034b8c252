#include "tuner/recommendation.hpp"

#include <fmt/core.h>

namespace tuner {

std::string_view confidence_name(Confidence confidence) {
  constexpr std::string_view kNames[] = {"none", "low", "medium", "high"};
  return kNames[static_cast<std::size_t>(confidence)];
}

std::string Recommendation::line() const {
  if (none_fits) return fmt::format("No shipped profile fits this host: {}.", reason);
  if (!profile) return fmt::format("Cannot tell which profile fits: {}.", reason);
  return fmt::format("Profile {} fits this host (confidence {}): {}.", *profile,
                     confidence_name(confidence), reason);
}

}  // namespace tuner
