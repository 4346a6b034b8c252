#include "cli/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "cli/manner.hpp"
#include "os/files.hpp"
#include "os/interrupt.hpp"
#include "text/human.hpp"

namespace tuner::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kErase = "\r\x1b[K";

/// What is longer than a line cannot be erased.
std::size_t room_on_stderr() {
  constexpr std::size_t kUsual = 80;
  struct winsize size = {};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return (known ? size.ws_col : kUsual) - 1;
}

std::string sampling(seconds passed, seconds all) {
  return fmt::format("Sampling: {} of {} s (Ctrl-C to judge what has been seen so far)",
                     text::grouped(passed.count()), text::grouped(all.count()));
}

void say(const std::string& text) { (void)os::write_all(STDERR_FILENO, text, "stderr"); }

}  // namespace

bool is_for_people(const Manner& manner) {
  const bool read_by_people = manner.format == "text" || manner.format == "html";
  return read_by_people && manner.style.detail != render::Detail::verdict_only;
}

Progress::Progress(bool wanted)
    : wanted_(wanted && ::isatty(STDERR_FILENO) == 1 && has_escapes()),
      next_(Clock::now() + seconds(1)) {}

void Progress::count(std::string_view what, std::size_t done, std::size_t all) {
  if (!wanted_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  constexpr auto kPause = milliseconds(100);  // a terminal far away need not draw each of them
  next_ = now + kPause;
  show(fmt::format("{}: {} of {}", what, text::grouped(static_cast<std::int64_t>(done)),
                   text::grouped(static_cast<std::int64_t>(all))));
}

void Progress::sampled(milliseconds passed, milliseconds all) {
  if (!wanted_ || Clock::now() < next_) return;
  next_ += seconds(1);
  show(sampling(std::chrono::floor<seconds>(passed), std::chrono::ceil<seconds>(all)));
}

milliseconds Progress::sample(milliseconds time) {
  os::Interrupt interrupt;
  const auto begin = Clock::now();
  const auto end = begin + time;
  const auto all = std::chrono::ceil<seconds>(time);
  bool cut = false;
  for (auto passed = seconds(1); wanted_ && begin + passed < end; ++passed) {
    cut = interrupt.comes_before(begin + passed);
    if (cut) break;
    show(sampling(passed, all));
  }
  cut = cut || interrupt.comes_before(end);
  erase();
  if (!cut) return time;
  // Rates are worked out from it, so that it is never zero.
  return std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(Clock::now() - begin));
}

void Progress::show(const std::string& line) {
  shown_ = true;
  say(std::string(kErase) + line.substr(0, room_on_stderr()));
}

void Progress::erase() {
  if (shown_) say(std::string(kErase));
  shown_ = false;
}

}  // namespace tuner::cli
