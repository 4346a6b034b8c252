#include <fmt/core.h>

#include <algorithm>

#include "render/lint.hpp"
#include "render/xml.hpp"

namespace tuner::render {

namespace {

std::string case_of(const std::string& path, const LintFinding& finding) {
  const std::string name = fmt::format("line {}: {}", finding.line, allowance_name(finding));
  std::string text =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\">", escaped(path), escaped(name));
  if (finding.allowed) {
    text += fmt::format("<skipped message=\"{}\"/>", escaped(*finding.allowed));
  } else if (finding.severity == Severity::info) {
    text += fmt::format("<system-out>{}</system-out>", escaped(finding.message));
  } else {
    text += fmt::format("<failure type=\"{}\" message=\"{}\">{}:{}:{}: {}\n{}</failure>",
                        severity_name(finding.severity), escaped(finding.message), escaped(path),
                        finding.line, finding.column, escaped(finding.text), escaped(finding.fix));
  }
  return text + "</testcase>\n";
}

class Junit : public LintWriter {
 public:
  std::string begin() override {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tuner lint\">\n";
  }

  std::string file(const std::string& path, const LintResult& result) override {
    const auto failures = std::count_if(
        result.findings.begin(), result.findings.end(), [](const LintFinding& finding) {
          return !finding.allowed && finding.severity != Severity::info;
        });
    const auto skipped =
        std::count_if(result.findings.begin(), result.findings.end(),
                      [](const LintFinding& finding) { return finding.allowed.has_value(); });
    const auto tests = std::max<std::size_t>(result.findings.size(), 1);
    std::string text = fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        escaped(path), tests, failures, skipped);
    for (const LintFinding& finding : result.findings) text += case_of(path, finding);
    if (result.findings.empty()) {
      text += fmt::format("    <testcase classname=\"{}\" name=\"no findings\"/>\n", escaped(path));
    }
    return text + "  </testsuite>\n";
  }

  std::string end(const LintSummary& summary) override {
    std::string text;
    for (const Error& error : summary.unreadable) {
      text += fmt::format(
          "  <testsuite name=\"{0}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
          "    <testcase classname=\"{0}\" name=\"read\"><error message=\"{1}\"/></testcase>\n"
          "  </testsuite>\n",
          escaped(error.subject), escaped(error.detail));
    }
    return text + "</testsuites>\n";
  }
};

}  // namespace

std::unique_ptr<LintWriter> lint_junit(const LintContext& /*context*/) {
  return std::make_unique<Junit>();
}

}  // namespace tuner::render
