#include "cli/follow_up.hpp"

#include "render/shell.hpp"

namespace tuner::cli {

std::string follow_up(std::string_view command, const Invocation& invocation,
                      std::initializer_list<std::string_view> options, render::Charset charset) {
  std::string line = "tuner " + std::string(command);
  for (const std::string_view option : options) {
    for (const std::string& value : invocation.values(option)) {
      line.append(" --").append(option);
      if (!value.empty()) line.append(" ").append(render::shell_word(value, charset));
    }
  }
  return line;
}

std::string place_words(const Invocation& invocation, render::Charset charset) {
  constexpr std::string_view kNothing = "tuner ";
  return follow_up("", invocation, {"netns", "pid"}, charset).substr(kNothing.size());
}

}  // namespace tuner::cli
