#include <doctest/doctest.h>

#include <csignal>

#include "os/held_signals.hpp"

namespace tuner {
namespace {

constexpr int kEndProcesses[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGTSTP,
                                 SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2};

bool is_blocked(int number) {
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, number) == 1;
}

TEST_CASE("what ends a process is held while something is written, and comes after that") {
  for (const int number : kEndProcesses) {
    CAPTURE(number);
    static int came = 0;
    struct sigaction count = {};
    struct sigaction before = {};
    count.sa_handler = [](int) { ++came; };
    came = 0;
    ::sigaction(number, &count, &before);
    {
      const os::HeldSignals held;
      CHECK(is_blocked(number));
      std::raise(number);
      CHECK(came == 0);
    }
    CHECK(came == 1);
    CHECK_FALSE(is_blocked(number));
    ::sigaction(number, &before, nullptr);
  }
}

}  // namespace
}  // namespace tuner
