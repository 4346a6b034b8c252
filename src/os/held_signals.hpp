#pragma once

#include <csignal>

namespace tuner::os {

/// Keeps what ends a process from doing so while something is written: a change takes milliseconds,
/// and neither ^C nor a terminal that goes away cuts it in two. Pending signals are delivered on
/// destruction.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number :
         {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2})
      sigaddset(&held, number);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace tuner::os
