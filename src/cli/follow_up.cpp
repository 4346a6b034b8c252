#include "cli/follow_up.hpp"

#include "core/text/shell.hpp"

namespace tuner::cli {

std::string follow_up(std::string_view command, const Invocation& invocation,
                      std::initializer_list<std::string_view> options) {
  std::string line = "tuner " + std::string(command);
  for (const std::string_view option : options) {
    for (const std::string& value : invocation.values(option)) {
      line.append(" --").append(option);
      if (!value.empty()) line.append(" ").append(text::shell_word(value));
    }
  }
  return line;
}

}  // namespace tuner::cli
