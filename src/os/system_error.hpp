#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "tuner/result.hpp"

namespace tuner::os {

/// A system call on `subject` that failed, in the system's words.
inline tl::unexpected<Error> system_error(const std::string& subject, std::string way_out = {},
                                          int number = errno) {
  const bool denied = number == EACCES || number == EPERM;
  return fail({.kind = denied ? ErrorKind::permission : ErrorKind::failure,
               .subject = subject,
               .detail = std::strerror(number),
               .way_out = std::move(way_out)});
}

}  // namespace tuner::os
