#include "tuner/finding.hpp"

namespace tuner {

Finding::Finding() = default;
Finding::Finding(const Finding&) = default;
Finding::Finding(Finding&&) noexcept = default;
Finding& Finding::operator=(const Finding&) = default;
Finding& Finding::operator=(Finding&&) noexcept = default;
Finding::~Finding() = default;

std::string_view status_name(Status status) {
  constexpr std::string_view kNames[] = {"pass", "fail", "unknown", "skipped"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view severity_name(Severity severity) {
  constexpr std::string_view kNames[] = {"info", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view severity_word(Severity severity) {
  return severity == Severity::info ? "note" : severity_name(severity);
}

std::string_view fix_kind_name(Fix::Kind kind) {
  constexpr std::string_view kNames[] = {"none", "sysctl", "limit", "route", "application"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string fix_text(const Fix& fix) {
  std::string text;
  for (const Setting& setting : fix.settings) {
    if (!text.empty()) text += " and ";
    text += setting.key + " = " + (setting.value.empty() ? "\"\"" : setting.value);
  }
  if (!text.empty() && !fix.remark.empty()) text += ", " + fix.remark;
  if (!text.empty() && !fix.text.empty()) text += ". ";
  return text + fix.text;
}

}  // namespace tuner
