#include <fmt/format.h>

#include "render/audit_formats.hpp"

namespace tuner::render {

namespace {

/// A field, in quotes where it needs them (RFC 4180 §2).
std::string field(const std::string& value) {
  std::string text = clean(value, Charset::utf8);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::string row(const std::string& host, const Finding& finding) {
  const auto line = finding.location ? std::to_string(finding.location->line) : std::string();
  const std::string fields[] = {
      field(host),
      finding.id,
      std::string(name_of(finding.status)),
      std::string(name_of(finding.severity)),
      field(finding.subject),
      field(finding.key.value_or("")),
      field(finding.running.value_or("")),
      field(finding.boot.value_or("")),
      field(finding.wanted.value_or("")),
      field(finding.unit.value_or("")),
      field(finding.message),
      field(finding.fix.text),
      field(finding.location ? finding.location->file : std::string()),
      line,
  };
  return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace

std::string audit_csv(const Report& report) {
  std::string text =
      "hostname,id,status,severity,subject,key,running,boot,wanted,unit,message,fix,file,line\n";
  const std::string host =
      report.host && report.host->hostname ? *report.host->hostname : std::string();
  for (const Finding* const finding : worst_first(report.findings)) text += row(host, *finding);
  return text;
}

}  // namespace tuner::render
