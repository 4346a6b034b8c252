#include "knowledge/measurements.hpp"

#include <algorithm>
#include <iterator>

namespace tuner {

std::vector<Measurement> measurements_of(std::string_view key) {
  std::vector<Measurement> found;
  std::ranges::copy_if(lab::kAll, std::back_inserter(found),
                       [key](const Measurement& each) { return each.key == key; });
  return found;
}

}  // namespace tuner
