#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lint/lint.hpp"
#include "render/style.hpp"
#include "tuner/result.hpp"

namespace tuner::render {

/// What all files came to.
struct LintSummary {
  long files = 0;
  long settings = 0;
  long errors = 0;
  long warnings = 0;
  long infos = 0;
  long allowed = 0;
  std::vector<Error> unreadable{};

  void add(const LintResult& file);
};

/// Renders findings file by file, so that nothing of a file has to be kept behind it.
class LintWriter {
 public:
  virtual ~LintWriter() = default;
  virtual std::string begin() = 0;
  /// `path` as the user gave it.
  virtual std::string file(const std::string& path, const LintResult& result) = 0;
  virtual std::string end(const LintSummary& summary) = 0;
};

/// What a writer has to know beside the findings.
struct LintContext {
  std::string version{};       ///< of the program
  std::string kernel{};        ///< the release that the files are judged for
  std::string generated_at{};  ///< as in JSON
  Style style{};
};

std::unique_ptr<LintWriter> lint_text(const LintContext& context);
/// A document of schema tuner/lint/1.
std::unique_ptr<LintWriter> lint_json(const LintContext& context);
/// SARIF 2.1.0 (OASIS), what code hosts show beside a change.
std::unique_ptr<LintWriter> lint_sarif(const LintContext& context);
/// JUnit's XML, what build servers read: a test suite for each file.
std::unique_ptr<LintWriter> lint_junit(const LintContext& context);

/// "folklore-setting:fin_timeout_time_wait": the name that an allowance takes.
std::string allowance_name(const LintFinding& finding);

}  // namespace tuner::render
