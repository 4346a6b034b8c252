#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/run.hpp"

namespace {

/// What nobody expected. The state of the program is not known: nothing but a line is written.
int give_up(const char* what) {
  std::fprintf(
      stderr,
      "tuner: a fault of tuner itself: %s.\n"
      "       Please report it with the command line and \"tuner --version\". A change that "
      "it cut off is\n       finished by: tuner recover\n",
      what);
  return static_cast<int>(tuner::cli::ExitStatus::failed);
}

}  // namespace

int main(int count, char** arguments) {
  // A reader that goes away (tuner audit | head) is a failed write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
    return tuner::cli::run(words);
  } catch (const std::exception& fault) {
    return give_up(fault.what());
  } catch (...) {
    return give_up("an exception of no known kind");
  }
}
