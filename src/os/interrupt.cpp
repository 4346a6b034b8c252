#include "os/interrupt.hpp"

#include <algorithm>

namespace tuner::os {

namespace {

timespec time_until(std::chrono::steady_clock::time_point end) {
  using namespace std::chrono;
  const auto left = std::max(end - steady_clock::now(), steady_clock::duration::zero());
  const auto whole = duration_cast<seconds>(left);
  return {.tv_sec = whole.count(),
          .tv_nsec = static_cast<long>(duration_cast<nanoseconds>(left - whole).count())};
}

}  // namespace

Interrupt::Interrupt() {
  sigemptyset(&awaited_);
  struct sigaction action = {};
  ::sigaction(SIGINT, nullptr, &action);
  if (action.sa_handler != SIG_IGN) sigaddset(&awaited_, SIGINT);
  ::sigprocmask(SIG_BLOCK, &awaited_, &before_);
}

Interrupt::~Interrupt() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

bool Interrupt::comes_before(std::chrono::steady_clock::time_point end) {
  // Whatever else wakes it, such as being stopped and continued, it sleeps on.
  do {
    const timespec left = time_until(end);
    if (::sigtimedwait(&awaited_, nullptr, &left) == SIGINT) return true;
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

}  // namespace tuner::os
