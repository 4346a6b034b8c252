#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/units.hpp"

namespace tuner {

struct BootView;

class HostSnapshot;

/// A name that only findings on files have. Names that an audit has too keep its rule's text.
struct LintName {
  std::string_view id;
  std::string_view what;    ///< what the finding states, in one sentence
  std::string_view why;     ///< why it matters
  std::string_view fix;     ///< how to fix it in general
  std::string_view source;  ///< where it comes from
};

std::span<const LintName> lint_names();
const LintName* find_lint_name(std::string_view id);

/// Every name that a finding on a file can have, the audit's among them, sorted.
std::vector<LintName> all_lint_names();

/// A finding on a line of a sysctl file.
struct LintFinding {
  std::string id{};
  Severity severity = Severity::warning;
  std::string subject{};  ///< the key, or the myth of a folklore-setting
  std::string key{};      ///< empty where the line sets none
  std::string value{};
  int line = 0;
  int column = 1;      ///< of the first character that it is about, from 1
  int end_column = 1;  ///< behind the last
  std::string message{};
  std::string why{};     ///< empty: the name's own
  std::string source{};  ///< the same
  std::string fix{};
  std::string text{};                    ///< the line, shortened where it is long
  std::optional<std::string> allowed{};  ///< the reason in the file why it is to stay

  [[nodiscard]] std::string_view why_text() const;
  [[nodiscard]] std::string_view source_text() const;
};

/// What one file came to.
struct LintResult {
  std::vector<LintFinding> findings{};  ///< in the order of the lines
  int settings = 0;
};

/// Judges sysctl files for one kernel. It remembers what it worked out about keys, not about files.
class Linter {
 public:
  /// `target` is a host as far as it matters: kernel, page size and memory. Absent parts leave
  /// unsaid what depends on them.
  explicit Linter(const HostSnapshot& target);

  /// `also` are findings that more than this file tells, to be allowed and sorted with the others.
  LintResult lint(std::string_view text, std::vector<LintFinding> also = {});

  [[nodiscard]] const HostSnapshot& target() const { return *target_; }

  /// What is known of a key on the target.
  struct Known {
    const Fact* fact = nullptr;
    Range range{};
    std::optional<ExpectedDefault> expected{};
    bool follows_memory = false;  ///< the expected default is another one on other hosts
    std::string meant{};  ///< for a key without a fact: one that looks like it; empty otherwise
  };
  const Known& known(std::string_view key);

 private:
  std::shared_ptr<const HostSnapshot> target_;
  std::map<std::string, Known, std::less<>> known_{};
};

/// Holds what one of a host's files came to against the others: a fix names the line that decides
/// once one is taken out, a vendor's file is copied and not edited, and what somebody overruled in
/// it is no finding. `file` is the path on the host.
void fit_to_host(const BootView& view, const std::string& file, LintResult& result);

/// The lines that do nothing, because another file comes later, by file: what only all files
/// together tell.
std::map<std::string, std::vector<LintFinding>> overruled_lines(const BootView& view);

/// A target without a host: a kernel's release, on a machine of the size that a note on memory
/// speaks of.
HostSnapshot lint_target(KernelRelease kernel, std::optional<PageSize> page_size);

}  // namespace tuner
