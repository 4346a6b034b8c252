#include "core/judge/fill.hpp"

namespace tuner::judge {

std::optional<Severity> weigh_fill(std::int64_t used, std::int64_t limit) {
  constexpr double kFull = 0.95;
  constexpr double kNear = 0.80;
  if (limit <= 0) return std::nullopt;
  const double share = static_cast<double>(used) / static_cast<double>(limit);
  if (share >= kFull) return Severity::error;
  return share >= kNear ? std::optional(Severity::warning) : std::nullopt;
}

}  // namespace tuner::judge
