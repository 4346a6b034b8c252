#include <fmt/core.h>

#include <map>

#include "render/audit.hpp"

namespace tuner::render {

namespace {

/// The value of a label (the format has three escapes, and no control characters are wanted).
std::string label(std::string_view value) {
  std::string text;
  for (const char character : clean(value, Charset::utf8)) {
    if (character == '\n') {
      text += "\\n";
      continue;
    }
    if (character == '\\' || character == '"') text += '\\';
    text += character;
  }
  return text;
}

/// One metric with its help; all are gauges, since each run counts anew.
std::string metric(std::string_view name, std::string_view help) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
}

std::string failed_subjects(const Report& report) {
  std::map<std::pair<std::string, Severity>, int> subjects;
  for (const Finding& finding : report.findings) {
    if (finding.status == Status::fail) ++subjects[{finding.id, finding.severity}];
  }
  constexpr std::string_view kName = "tuner_audit_failed_subjects";
  std::string text = metric(kName, "Subjects in which a check failed, by its name.");
  for (const auto& [key, count] : subjects) {
    text += fmt::format("{}{{id=\"{}\",severity=\"{}\"}} {}\n", kName, label(key.first),
                        severity_name(key.second), count);
  }
  return text;
}

}  // namespace

std::string audit_prometheus(const Report& report, std::string_view version) {
  std::string text = metric("tuner_build_info", "The version of tuner that made this.");
  text += fmt::format("tuner_build_info{{version=\"{}\"}} 1\n", label(version));
  if (report.profile) {
    text += metric("tuner_profile_info", "The profile that the host was checked against.");
    text += fmt::format("tuner_profile_info{{name=\"{}\",sha256=\"{}\"}} 1\n",
                        label(report.profile->name), label(report.profile_sha256));
  }
  text += metric("tuner_audit_timestamp_seconds", "Time of the last audit.");
  text += fmt::format("tuner_audit_timestamp_seconds {}\n",
                      report.generated_at.time_since_epoch().count());
  text += metric("tuner_audit_complete", "Whether every check could be evaluated.");
  text += fmt::format("tuner_audit_complete {}\n", report.complete() ? 1 : 0);
  const Summary summary = report.summary();
  text += metric("tuner_audit_checks", "Checks of the last audit, by outcome.");
  for (const auto& [status, count] :
       {std::pair("pass", summary.pass), std::pair("fail", summary.fail),
        std::pair("unknown", summary.unknown), std::pair("skipped", summary.skipped)}) {
    text += fmt::format("tuner_audit_checks{{status=\"{}\"}} {}\n", status, count);
  }
  text += metric("tuner_audit_findings", "Checks that failed, by severity.");
  for (const auto& [severity, count] :
       {std::pair("error", summary.errors), std::pair("warning", summary.warnings),
        std::pair("info", summary.infos)}) {
    text += fmt::format("tuner_audit_findings{{severity=\"{}\"}} {}\n", severity, count);
  }
  text += metric("tuner_audit_findings_waived", "Checks that failed and were waived.");
  text += fmt::format("tuner_audit_findings_waived {}\n", summary.waived);
  return text + failed_subjects(report);
}

}  // namespace tuner::render
