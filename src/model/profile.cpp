#include "tuner/profile.hpp"

#include <algorithm>

namespace tuner {

const Input* Profile::input(Quantified quantity) const {
  const auto found = std::find_if(inputs.begin(), inputs.end(), [quantity](const Input& known) {
    return known.quantity == quantity;
  });
  return found == inputs.end() ? nullptr : &*found;
}

const Demand* Profile::demand(std::string_view key) const {
  const auto found = std::find_if(demands.begin(), demands.end(),
                                  [key](const Demand& one) { return one.key == key; });
  return found == demands.end() ? nullptr : &*found;
}

std::optional<Path> Profile::path_to_peers() const {
  const Input* const rate = input(Quantified::bandwidth);
  const Input* const time = input(Quantified::rtt);
  if (rate == nullptr || time == nullptr) return std::nullopt;
  return Path{.bandwidth = std::get<BitsPerSecond>(rate->value),
              .rtt = std::get<std::chrono::microseconds>(time->value)};
}

}  // namespace tuner
