#include "core/judge/weigh.hpp"

#include <algorithm>
#include <cmath>

namespace tuner::judge {

namespace {

/// Our choice: below it a share is a coincidence, whatever the interval says.
constexpr std::int64_t kLeastEvents = 10;
/// Our choice: a host that fails one request in a hundred is one that its users complain about.
constexpr double kErrorShare = 1.0 / 100;
/// Our choice: the p99.99 of a service is the most that anybody promises.
constexpr double kWarningShare = 1.0 / 10000;

}  // namespace

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
  if (bad < kLeastEvents) return Severity::info;
  const double share = least_share(bad, work);
  if (share >= kErrorShare) return Severity::error;
  return share >= kWarningShare ? Severity::warning : Severity::info;
}

std::optional<Severity> weigh_unmendable(std::int64_t bad, std::int64_t work) {
  const auto severity = weigh(bad, work);
  return severity ? std::optional(std::min(*severity, Severity::warning)) : std::nullopt;
}

}  // namespace tuner::judge
