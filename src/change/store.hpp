#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

namespace tuner::engine {

/// Where values live: sysctls, files, routes and limits of processes.
class Store {
 public:
  virtual ~Store() = default;

  /// The present value, read anew; no value where a file is not there.
  virtual Result<std::optional<std::string>> read(const Step& step) = 0;

  /// Gives the step's target another value; no value takes a file away. A file changes wholly or
  /// not at all, and only where it still is `present`. A sysctl that fails may have changed in
  /// part: read it again.
  virtual Result<void> write(const Step& step, const std::optional<std::string>& value,
                             const std::optional<std::string>& present) = 0;

  /// Why the thing that was recorded is not there any more, so that there is nothing to roll
  /// back: another interface under the same name, a process that ended. No value where it is there.
  virtual std::optional<std::string> gone(const Step& step) = 0;

  /// Keys that have a step's wanted value because their interfaces were made while it was the
  /// default for new ones: those with an index above `newest`.
  virtual std::vector<std::string> inheritors(const Step& step, std::int64_t newest) = 0;

  /// Takes away what a write left behind that was cut off; what it had taken from somebody goes
  /// back.
  virtual Result<void> discard_leftovers(const Step& step) = 0;
};

}  // namespace tuner::engine
