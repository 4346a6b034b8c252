#pragma once

#include "tuner/result.hpp"

namespace tuner::cli {

/// What the process tells its caller; the table stands in tuner(8).
enum class ExitStatus {
  as_wanted = 0,
  failed = 1,
  found = 2,
  incomplete = 3,
  partly = 4,
  usage = 64,
  busy = 75,
  not_permitted = 77,
  configuration = 78,
};

constexpr ExitStatus exit_status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return ExitStatus::usage;
    case ErrorKind::configuration:
      return ExitStatus::configuration;
    case ErrorKind::busy:
      return ExitStatus::busy;
    case ErrorKind::permission:
      return ExitStatus::not_permitted;
    case ErrorKind::failure:
      break;
  }
  return ExitStatus::failed;
}

}  // namespace tuner::cli
