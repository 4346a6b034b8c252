#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace tuner {

/// Who has to act on an error; it decides the exit status.
enum class ErrorKind {
  usage,          ///< the command line: exit 64
  configuration,  ///< a profile or a configuration file: exit 78
  permission,     ///< a right is missing: exit 77
  busy,           ///< another run, or a change that waits, is in the way: exit 75
  failure,        ///< the system refused or failed: exit 1
};

/// A place in a text file, counted from 1; 0 where it is not known.
struct Position {
  int line = 0;
  int column = 0;
};

struct Error {
  ErrorKind kind = ErrorKind::failure;
  std::string subject{};  ///< what it is about: a file, an option, a key
  std::string detail{};   ///< what is wrong, in one plain sentence without the subject
  std::string hint{};     ///< what to do about it; may be empty
  Position position{};    ///< in the file `subject`
  std::string key{};      ///< the profile's key or field; may be empty
  int number = 0;         ///< the errno of the system call that failed; 0 where none did

  /// "FILE:LINE:COLUMN: KEY: DETAIL", each part where it is known.
  [[nodiscard]] std::string message() const;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace tuner
