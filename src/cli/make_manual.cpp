// Fills a page of the manual at build time: make_manual TEXT PAGE.

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "cli/manual.hpp"
#include "os/files.hpp"
#include "os/write_output.hpp"

namespace {

int complain(const std::string& subject, const std::string& detail) {
  const auto said =
      tuner::os::write_all(STDERR_FILENO, subject + ": " + detail + "\n", "standard error");
  return said ? 1 : 2;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return complain(arguments[0], "give a text and the page to write");
  std::ifstream file(arguments[1]);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return complain(arguments[1], "it cannot be read");
  const auto page = tuner::cli::fill_manual(text.str());
  if (!page) return complain(arguments[1], page.error().message() + ". " + page.error().hint);
  const auto written = tuner::os::write_output(arguments[2], *page);
  return written ? 0 : complain(arguments[2], written.error().message());
}
