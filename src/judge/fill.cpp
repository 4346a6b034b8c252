#include "judge/fill.hpp"

#include "knowledge/thresholds.hpp"

namespace tuner::judge {

std::optional<Severity> weigh_fill(std::int64_t used, std::int64_t limit) {
  if (limit <= 0) return std::nullopt;
  const double share = static_cast<double>(used) / static_cast<double>(limit);
  if (share >= threshold::kFull) return Severity::error;
  return share >= threshold::kNear ? std::optional(Severity::warning) : std::nullopt;
}

}  // namespace tuner::judge
