#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lint/lint.hpp"
#include "read/proc.hpp"
#include "render/lint.hpp"
#include "tuner/snapshot.hpp"

/// Any bytes are linted for an old and a new kernel, and rendered in every format.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuner;
  static auto linters = [] {
    const auto page = PageSize::from(Bytes(std::int64_t{1} << 12));
    return std::vector<Linter>{Linter(lint_target(*parse::kernel_release("3.10"), page)),
                               Linter(lint_target(*parse::kernel_release("6.18"), page))};
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const render::LintContext context;
  for (Linter& linter : linters) {
    const LintResult result = linter.lint(text);
    for (const LintFinding& finding : result.findings) {
      if (finding.line < 1 || finding.end_column <= finding.column) std::abort();
      if (finding.message.empty() || finding.why_text().empty()) std::abort();
    }
    for (const auto make :
         {render::lint_text, render::lint_json, render::lint_sarif, render::lint_junit}) {
      make(context)->file("fuzz.conf", result);
    }
  }
  return 0;
}
