#include "render/shell.hpp"

#include <fmt/core.h>

namespace tuner::render {

std::string shell_word(std::string_view word, Charset charset) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return std::string(word);
  std::string quoted = "'";
  if (clean(word, charset) == word && word.find('\n') == word.npos) {
    for (const char character : word) {
      quoted += character == '\'' ? "'\\''" : std::string(1, character);
    }
    return quoted + '\'';
  }
  for (const char character : word) {
    const bool plain = kPlain.find(character) != kPlain.npos && character != '%';
    quoted += plain ? std::string(1, character)
                    : fmt::format("\\{:03o}", static_cast<unsigned char>(character));
  }
  return "\"$(printf " + quoted + "')\"";
}

}  // namespace tuner::render
