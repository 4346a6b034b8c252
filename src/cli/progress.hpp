#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace tuner::cli {

/// Whether people wait for the document: none for scripts, and none with -q.
bool is_for_people(const Manner& manner);

/// A line on stderr that says how far a command is, rewritten as it goes on and erased at the end.
/// Nothing in the first second, and nothing where stderr is no terminal that can erase.
class Progress {
 public:
  explicit Progress(bool wanted);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { erase(); }

  /// "Auditing network namespaces: 120 of 2,000".
  void count(std::string_view what, std::size_t done, std::size_t all);

  /// "Sampling: 3 of 10 s", for a sample that somebody else takes.
  void sampled(std::chrono::milliseconds passed, std::chrono::milliseconds all);

  /// Sleeps for the time of a sample. ^C ends the sample, and not the process: what was seen is
  /// judged. The time that it really took.
  std::chrono::milliseconds sample(std::chrono::milliseconds time);

 private:
  using Clock = std::chrono::steady_clock;

  void show(const std::string& line);
  void erase();

  bool wanted_;
  bool shown_ = false;
  Clock::time_point next_;  ///< when a line is due
};

}  // namespace tuner::cli
