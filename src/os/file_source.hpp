#pragma once

#include <string>

#include "tuner/observed.hpp"

namespace tuner::os {

/// Files below one root. The tests have a twin in memory.
class FileSource {
 public:
  virtual ~FileSource() = default;

  /// The whole content of `path`, relative to the root ("proc/sys/net/core/somaxconn"). Sysctls
  /// come in one read(2), so that the kernel prints all elements of a vector at once.
  virtual Observed<std::string> read(const std::string& path) = 0;
};

}  // namespace tuner::os
