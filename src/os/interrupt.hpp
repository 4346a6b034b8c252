#pragma once

#include <chrono>
#include <csignal>

namespace tuner::os {

/// ^C as news for whoever waits, for as long as this lives; after that it ends the process as ever.
/// It is held and taken without a handler, so that none can come between a look and a sleep. Where
/// it is ignored, as in the background of a script, it stays so.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  /// Whether ^C comes before the time is over; sleeps until one of the two.
  bool comes_before(std::chrono::steady_clock::time_point end);

 private:
  sigset_t awaited_{};
  sigset_t before_{};
};

}  // namespace tuner::os
