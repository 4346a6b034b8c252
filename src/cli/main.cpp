#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/run.hpp"

namespace {

/// Nothing else can be said for certain here, nor allocated.
int give_up(const char* what, const char* hint) {
  std::fprintf(stderr,
               "tuner: %s.\n       %s\n       To finish an interrupted change: tuner recover\n",
               what, hint);
  return static_cast<int>(tuner::cli::ExitStatus::failed);
}

constexpr const char* kReport =
    "This is an internal error: please report it with the command line and tuner --version.";

}  // namespace

int main(int count, char** arguments) {
  // A reader that goes away (tuner audit | head) is a failed write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that may not grow (ulimit -f): what was begun is then rolled back.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
    return tuner::cli::run(words);
  } catch (const std::bad_alloc&) {
    return give_up("not enough memory", "Raise the memory limit it runs under (ulimit -v).");
  } catch (const std::exception& fault) {
    return give_up(fault.what(), kReport);
  } catch (...) {
    return give_up("unknown error", kReport);
  }
}
