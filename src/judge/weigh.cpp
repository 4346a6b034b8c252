#include "judge/weigh.hpp"

#include <algorithm>
#include <cmath>

#include "knowledge/thresholds.hpp"

namespace tuner::judge {

double least_share(std::int64_t bad, std::int64_t work) {
  if (bad <= 0) return 0;
  constexpr double kNormalQuantile = 1.959964;  // of 97.5%
  constexpr double kSquare = kNormalQuantile * kNormalQuantile;
  // Counters are read one after the other, so there may be more failures than work.
  const auto events = static_cast<double>(std::max(bad, work));
  const double share = static_cast<double>(bad) / events;
  const double middle = share + kSquare / (2 * events);
  const double half =
      kNormalQuantile * std::sqrt((share * (1 - share) + kSquare / (4 * events)) / events);
  return std::max(0.0, (middle - half) / (1 + kSquare / events));
}

std::optional<Severity> weigh(std::int64_t bad, std::int64_t work) {
  if (bad <= 0) return std::nullopt;
  if (bad < threshold::kLeastEvents) return Severity::info;
  const double share = least_share(bad, work);
  if (share >= threshold::kErrorShare) return Severity::error;
  return share >= threshold::kWarningShare ? Severity::warning : Severity::info;
}

std::optional<Severity> weigh_unmendable(std::int64_t bad, std::int64_t work) {
  const auto severity = weigh(bad, work);
  return severity ? std::optional(std::min(*severity, Severity::warning)) : std::nullopt;
}

std::optional<Severity> weigh_fill(std::int64_t used, std::int64_t limit) {
  if (limit <= 0) return std::nullopt;
  const double share = static_cast<double>(used) / static_cast<double>(limit);
  if (share >= threshold::kFull) return Severity::error;
  return share >= threshold::kNear ? std::optional(Severity::warning) : std::nullopt;
}

}  // namespace tuner::judge
