#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/number.hpp"

/// The lines in which a snapshot keeps what no file below /proc tells: words, then NAME=VALUE, all
/// separated by blanks.
namespace tuner::parse {

/// One line. It points into the text that it was made of.
class RecordLine {
 public:
  explicit RecordLine(std::string_view line) : words_(words(line)) {}

  /// The word at a place; empty behind the last.
  [[nodiscard]] std::string_view word(std::size_t index) const {
    return index < words_.size() ? words_[index] : std::string_view();
  }
  /// The value of a name. No value where the line does not have it.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const;
  /// The same as a number; 0 where the line does not have it, no value for what is not a number.
  template <class Integer>
  [[nodiscard]] std::optional<Integer> number(std::string_view name) const {
    const auto found = text(name);
    return found ? integer<Integer>(*found) : Integer{0};
  }

 private:
  std::vector<std::string_view> words_;
};

/// Text as one word: blanks, '%', '=', control characters and all beyond ASCII as %XX; and back,
/// which takes what is no %XX as it stands.
std::string one_word(std::string_view text);
std::string many_words(std::string_view word);

}  // namespace tuner::parse
