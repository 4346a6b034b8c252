#pragma once

#include "tuner/flows.hpp"

namespace tuner {

/// Counts one look after another into a tally.
class FlowTallier {
 public:
  /// `now`: of any clock that never goes back.
  void add(const FlowLook& look, std::chrono::microseconds now);

  [[nodiscard]] const FlowTally& tally() const { return tally_; }

 private:
  /// Where a piece of the connection began.
  struct Mark {
    std::chrono::microseconds at{0};
    std::uint64_t acked = 0;
    std::uint64_t received = 0;
  };

  FlowTally tally_{};
  std::optional<Mark> mark_{};
};

}  // namespace tuner
