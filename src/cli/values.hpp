#pragma once

#include <string_view>
#include <vector>

#include "cli/options.hpp"

namespace tuner::cli {

/// What may stand for a value or a word, for completions.
struct Values {
  std::vector<std::string_view> choices{};
  bool files = false;
  bool directories = false;
  bool profiles = false;
  bool keys = false;
  bool findings = false;
  std::vector<std::string_view> beginnings{};  ///< what a value follows at once: "rtt="
  std::string_view listed{};  ///< what only the host tells: a word of tuner completion --list
};

/// Reads what stands for a value in --help: "text|json" are choices, "DIR" is a directory, "FILE"
/// and "PATH" are files, "KEY", "FINDING" and "PROFILE" names that tuner knows. Anything else
/// cannot be completed.
Values values_of(std::string_view argument);
/// The same of an option; --profile, --state and --reader take names.
Values option_values(const Option& option);

/// The sysctl keys that tuner knows, without those of single interfaces, whole and as people write
/// them: net.core.somaxconn and somaxconn; findings of audits and of files. Sorted.
std::vector<std::string_view> known_keys();
std::vector<std::string_view> known_findings();

}  // namespace tuner::cli
