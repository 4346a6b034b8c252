#include "tuner/gauge.hpp"

#include <algorithm>

namespace tuner {

int Gauge::percent() const {
  if (used <= 0) return 0;
  const double share = 100.0 * static_cast<double>(used) / static_cast<double>(limit);
  return std::clamp(static_cast<int>(share), 1, 100);
}

}  // namespace tuner
