#include <csignal>
#include <string>
#include <vector>

#include "cli/run.hpp"

int main(int count, char** arguments) {
  // A reader that goes away (tuner audit | head) is a failed write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
  return tuner::cli::run(words);
}
