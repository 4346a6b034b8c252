#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "tuner/observed.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// What an errno means for whoever called, and so the exit status: a right that is missing, or else
/// a failure. EROFS is a failure: no user may write there.
constexpr ErrorKind kind_of_errno(int number) {
  return number == EACCES || number == EPERM ? ErrorKind::permission : ErrorKind::failure;
}

/// A system call on `subject` that failed, in the system's words.
inline tl::unexpected<Error> system_error(const std::string& subject, std::string hint = {},
                                          int number = errno) {
  return fail({.kind = kind_of_errno(number),
               .subject = subject,
               .detail = std::strerror(number),
               .hint = std::move(hint),
               .number = number});
}

/// The same where a value of the host is read: that it is not there is data, and no failure.
inline Unread unread_of_errno(int number) {
  if (number == ENOENT || number == ENOTDIR) return {};
  if (kind_of_errno(number) == ErrorKind::permission) return {.why = Unread::Why::not_permitted};
  return {.why = Unread::Why::failed, .detail = std::strerror(number)};
}

}  // namespace tuner::os
