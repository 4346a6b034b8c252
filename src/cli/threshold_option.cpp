#include "cli/threshold_option.hpp"

#include "text/suggest.hpp"

namespace tuner::cli {

Result<Threshold> threshold_of(const Invocation& invocation) {
  const std::string name = invocation.value("fail-on").value_or("warning");
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error}) {
    if (name == severity_name(severity)) return severity;
  }
  if (name == severity_word(Severity::info)) return Severity::info;
  if (name == "never") return Threshold();
  constexpr std::string_view kNames[] = {"note", "warning", "error", "never"};
  return fail({.kind = ErrorKind::usage,
               .subject = "--fail-on",
               .detail = "\"" + name + "\" is not a severity",
               .hint = choose_from(name, kNames)});
}

ExitStatus status_of(const Summary& summary, Threshold threshold) {
  const int counts[] = {summary.infos, summary.warnings, summary.errors};
  int reached = 0;
  if (threshold) {
    for (auto level = static_cast<std::size_t>(*threshold); level < 3; ++level) {
      reached += counts[level];
    }
  }
  if (reached > 0) return ExitStatus::found;
  return summary.unknown > 0 ? ExitStatus::incomplete : ExitStatus::as_wanted;
}

}  // namespace tuner::cli
