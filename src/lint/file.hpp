#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lint/lint.hpp"

namespace tuner::lint {

/// A line that sets a key, as the readers agree on it, or as most of them read it.
struct FileSetting {
  std::string key{};  ///< with dots, as every reader takes it
  std::string value{};
  std::string remark{};        ///< a comment behind the value, which is part of it to the readers
  std::string_view line{};     ///< without its newline
  std::string_view comment{};  ///< the lines of comment right above it
  int number = 0;
  int key_column = 1;
  int value_column = 1;
  bool excludes = false;      ///< "-key": no value
  bool templated = false;     ///< a program fills the value in later: nothing is known of it
  bool sets_nothing = false;  ///< no kernel that is judged for has the key
  const Linter::Known* known = nullptr;
  std::vector<std::int64_t> numbers{};  ///< where the kernel takes all of the value as numbers
};

/// "# tuner: allow NAME reason".
struct Allowance {
  std::string name{};
  std::string reason{};
  int line = 0;    ///< of the comment
  int target = 0;  ///< the line that it is for; 0 where none follows
  bool used = false;
  std::string_view text{};
};

/// What is found in a file, in the order of its lines.
struct FileView {
  std::vector<FileSetting> settings{};
  std::vector<Allowance> allowances{};
  std::vector<LintFinding> findings{};
  std::map<std::string_view, std::size_t> last{};  ///< the last setting of each key

  /// The last line that sets a key; null where none does.
  [[nodiscard]] const FileSetting* find(std::string_view key) const;
};

/// What a file is whose first line is no sysctl setting but the beginning of something else:
/// "YAML", "a shell script". Empty for a sysctl file. `number` and `line` are that of the first
/// line with text.
struct OtherForm {
  std::string_view name{};
  std::string_view line{};
  int number = 0;
};
OtherForm other_form(std::string_view text);

/// Reads the lines, and says what is wrong with their form.
FileView read(std::string_view text, Linter& linter);

/// What is wrong with names, with single values, with beliefs, and with several settings together.
void check_keys(FileView& file, Linter& linter);
void check_values(FileView& file, Linter& linter);
void check_folklore(FileView& file, Linter& linter);
void check_together(FileView& file, Linter& linter);

/// A finding on the value of a setting, or on its key.
LintFinding on_value(const FileSetting& setting, std::string_view id, Severity severity,
                     std::string message);
LintFinding on_key(const FileSetting& setting, std::string_view id, Severity severity,
                   std::string message);

/// The line as it is shown: cut where it is long.
std::string shown_line(std::string_view line);

/// The key that somebody meant who wrote `key`, of which no fact is known: a mistake in
/// its last part, or a wrong directory before it. Empty where there is none.
std::string likely_meant(std::string_view key);

/// Notes that weigh advice against what kernels do by themselves are for 5.10 and later: it is the
/// oldest kernel that what they say was checked on (tests/hosts).
bool gives_notes(const HostSnapshot& target);

}  // namespace tuner::lint
