#pragma once

#include <string>
#include <string_view>

namespace tuner::text {

/// One word of a POSIX shell's command line: as it is where nothing in it means something to a
/// shell, else in single quotes.
inline std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return std::string(word);
  std::string quoted = "'";
  for (const char character : word)
    quoted += character == '\'' ? "'\\''" : std::string(1, character);
  return quoted + '\'';
}

}  // namespace tuner::text
