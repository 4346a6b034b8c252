#pragma once

#include <string_view>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/rule.hpp"

namespace tuner::judge {

/// A flag that every host is better off with, or without: one row is a whole rule.
struct Flag {
  const char* key;
  bool wanted;
  Severity severity;
  std::string_view wrong;       ///< what the other value does, as a sentence
  std::string_view evidence{};  ///< a sysctl or a counter that shows what it costs; empty for none
  std::string_view meaning{};   ///< what that counts
  bool may_be_absent = false;   ///< newer kernels are without the key, and nothing is wrong
};

/// One finding, none where the key may be absent and is.
std::vector<Finding> flag_findings(const Flag& flag, const AuditInput& input);

}  // namespace tuner::judge
