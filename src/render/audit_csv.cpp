#include <fmt/core.h>

#include "render/audit.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

/// A number keeps its sign.
bool is_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && digits.find_first_not_of("0123456789 -") == std::string_view::npos;
}

/// A field, in quotes where it needs them (RFC 4180 §2). What a spreadsheet would take for a
/// formula gets an apostrophe, by which it takes it for text: names come from the host.
std::string field(const std::string& value) {
  std::string text = clean(value, Charset::utf8);
  const bool formula = !text.empty() && std::string_view("=+-@").find(text[0]) != std::string::npos;
  if (formula && !is_number(text)) text.insert(0, 1, '\'');
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
      std::string(status_name(finding.status)),
      std::string(severity_name(finding.severity)),
      field(finding.subject),
      field(finding.key.value_or("")),
      field(finding.running.value_or("")),
      field(finding.boot.value_or("")),
      field(finding.wanted.value_or("")),
      field(finding.unit.value_or("")),
      field(finding.message),
      field(fix_text(finding.fix)),
      field(finding.location ? finding.location->file : std::string()),
      line,
      field(finding.waiver ? finding.waiver->reason : std::string()),
  };
  return fmt::format("{}\n", text::joined(fields, ","));
}

}  // namespace

std::string audit_csv(const Report& report) {
  std::string text =
      "hostname,id,status,severity,subject,key,running,boot,wanted,unit,message,fix,file,line,"
      "waived\n";
  const std::string host =
      report.host && report.host->hostname ? *report.host->hostname : std::string();
  for (const Finding* const finding : worst_first(report.findings)) text += row(host, *finding);
  return text;
}

}  // namespace tuner::render
