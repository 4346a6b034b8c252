#include <fmt/core.h>

#include <algorithm>

#include "render/audit.hpp"
#include "render/json_parts.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

std::string_view name_in_suite(const Finding& finding) {
  if (!finding.subject.empty()) return finding.subject;
  return finding.key ? *finding.key : finding.id;
}

std::string result_of(const Finding& finding, Threshold threshold) {
  const std::string message = escaped(finding.message);
  switch (finding.status) {
    case Status::pass:
      return {};
    case Status::skipped:
      return finding.waiver ? fmt::format("<skipped message=\"waived: {} {}\"/>",
                                          escaped(finding.waiver->reason), message)
                            : fmt::format("<skipped message=\"{}\"/>", message);
    case Status::unknown:
      return fmt::format("<error type=\"unknown\" message=\"{}\"/>", message);
    case Status::fail:
      break;
  }
  if (!reaches_threshold(finding, threshold))
    return fmt::format("<system-out>{}</system-out>", message);
  std::string text = finding.message + '\n';
  for (const Evidence& evidence : finding.evidence) {
    text += fmt::format("{} {}, {}\n", evidence.name, evidence.value, evidence.meaning);
  }
  if (const std::string fix = fix_text(finding.fix); !fix.empty()) text += "Fix: " + fix;
  return fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>",
                     severity_name(finding.severity), message, escaped(text));
}

std::string case_of(const Finding& finding, Threshold threshold) {
  return fmt::format("    <testcase classname=\"tuner.{}\" name=\"{}\">{}</testcase>\n",
                     escaped(finding.id), escaped(name_in_suite(finding)),
                     result_of(finding, threshold));
}

}  // namespace

std::string audit_junit(const Report& report, Threshold threshold) {
  const auto& findings = report.findings;
  const auto failures = std::count_if(findings.begin(), findings.end(), [&](const Finding& one) {
    return reaches_threshold(one, threshold);
  });
  const Summary summary = report.summary();
  const std::string host = report.host && report.host->hostname ? *report.host->hostname : "";
  // Without the zone, as the schema of JUnit's report has it.
  const std::string time = text::timestamp(report.generated_at).substr(0, 19);
  const std::string counts =
      fmt::format("name=\"tuner audit\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
                  findings.size(), failures, summary.unknown, summary.skipped);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite {} hostname=\"{}\" timestamp=\"{}\">\n",
      counts, escaped(host), time);
  for (const Finding* const finding : worst_first(findings)) text += case_of(*finding, threshold);
  return text + "  </testsuite>\n</testsuites>\n";
}

std::string failure_junit(const Error& error) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite name=\"tuner audit\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n"
      "    <testcase classname=\"tuner\" name=\"audit\"><error type=\"failed\" message=\"{}\"/>"
      "</testcase>\n  </testsuite>\n</testsuites>\n",
      escaped(error.message()));
}

}  // namespace tuner::render
