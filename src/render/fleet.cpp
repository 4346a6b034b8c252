#include "render/fleet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "core/text/human.hpp"
#include "core/text/joined.hpp"
#include "render/shell.hpp"
#include "tuner/rule.hpp"

namespace tuner::render {

namespace {

constexpr std::size_t kMostNames = 6;

std::string listed(const FleetReport& report, const HostNumbers& hosts) {
  std::vector<std::string_view> names;
  for (const std::uint32_t host : hosts) {
    if (names.size() == kMostNames) break;
    names.push_back(report.hosts[host].name);
  }
  std::string text = text::joined(names, ", ");
  if (hosts.size() > names.size()) {
    text += fmt::format(" and {} more",
                        text::grouped(static_cast<std::int64_t>(hosts.size() - names.size())));
  }
  return text;
}

std::string finding_text(const FleetReport& report, const FleetFinding& finding,
                         const Style& style) {
  const std::string share =
      fmt::format("{} of {}", text::grouped(static_cast<std::int64_t>(finding.hosts.size())),
                  text::plural(static_cast<std::int64_t>(report.hosts.size()), "host", "hosts"));
  std::string text = side_by_side(finding.id, share, kFindingIndent, style);
  text += wrapped(meaning_of(finding), kFindingIndent, style) +
          wrapped(names_of(report, finding.hosts), kFindingIndent, style);
  return severity_label(finding.severity, style.color) + clean(text, style.charset) + '\n';
}

std::string usual_text(const FleetKey& key) {
  const std::string value = key.usual.empty() ? "empty" : key.usual;
  const std::string hosts =
      fmt::format("{} of {}", text::grouped(key.usual_hosts), text::grouped(key.hosts));
  if (key.usual_is_default) return fmt::format("the kernel's choice on {}", hosts);
  return fmt::format("{} on {}", value, hosts);
}

std::string key_text(const FleetReport& report, const FleetKey& key, const Style& style) {
  std::string text = side_by_side(key.key, usual_text(key), 0, style);
  for (const FleetValue& other : key.others) {
    const std::string value = other.value.empty() ? "empty" : other.value;
    text += wrapped(value + ": " + names_of(report, other.hosts), kFindingIndent, style);
  }
  return text;
}

/// What shows the host that most is wrong with, as it was judged here.
std::string audit_command(const FleetReport& report, Charset charset) {
  const auto worst = std::max_element(report.hosts.begin(), report.hosts.end(),
                                      [](const FleetHost& left, const FleetHost& right) {
                                        const Summary& one = left.summary;
                                        const Summary& other = right.summary;
                                        return std::tie(one.errors, one.warnings, one.infos) <
                                               std::tie(other.errors, other.warnings, other.infos);
                                      });
  std::string folder = report.folder;
  while (folder.ends_with('/')) folder.pop_back();
  return report.audit_command + " --root " + shell_word(folder + '/' + worst->name, charset);
}

std::string heading(const FleetReport& report, const Style& style) {
  std::string text = fmt::format(
      "{} below {}", text::plural(static_cast<std::int64_t>(report.hosts.size()), "host", "hosts"),
      report.folder);
  if (report.profile) text += " \xc2\xb7 profile " + report.profile->name;
  return wrapped(text, 0, style) + '\n';
}

}  // namespace

std::string_view meaning_of(const FleetFinding& finding) {
  const Rule* const rule = find_rule(finding.id);
  return rule == nullptr ? std::string_view() : rule->what;
}

std::string names_of(const FleetReport& report, const HostNumbers& hosts) {
  if (hosts.size() == report.hosts.size() && hosts.size() > 1) return "all";
  const std::size_t rest = report.hosts.size() - hosts.size();
  if (rest > kMostNames / 2 || hosts.size() <= kMostNames) return listed(report, hosts);
  HostNumbers all(report.hosts.size());
  std::iota(all.begin(), all.end(), 0U);
  HostNumbers others;
  std::set_difference(all.begin(), all.end(), hosts.begin(), hosts.end(),
                      std::back_inserter(others));
  return "all but " + listed(report, others);
}

std::string fleet_verdict(const FleetReport& report) {
  std::string line;
  const auto add = [&line](std::int64_t count, std::string_view what) {
    if (count == 0) return;
    line += fmt::format("{}{} {} {}", line.empty() ? "" : ", ", text::grouped(count),
                        count == 1 ? "has" : "have", what);
  };
  add(report.count(Severity::error), "errors");
  add(report.count(Severity::warning), "warnings");
  add(report.count(Severity::info), "remarks");
  add(report.clean(), "nothing wrong");
  if (report.incomplete() > 0) {
    line += fmt::format("{}{} could not be judged in full", line.empty() ? "" : ", ",
                        text::grouped(report.incomplete()));
  }
  line = fmt::format("Of {}: {}",
                     text::plural(static_cast<std::int64_t>(report.hosts.size()), "host", "hosts"),
                     line);
  if (!report.unread.empty()) {
    line += fmt::format("; {} could not be read", report.unread.size());
  }
  const int waived = report.summary().waived;
  if (waived > 0) line += "; " + text::plural(waived, "finding is waived", "findings are waived");
  return line + '.';
}

std::string fleet_text(const FleetReport& report, const Style& style) {
  std::string text;
  if (style.detail != Detail::verdict_only) {
    text += clean(heading(report, style), style.charset);
    for (const FleetFinding& finding : report.findings) {
      text += finding_text(report, finding, style);
    }
    if (!report.keys.empty()) text += "Who differs from the rest, and in what:\n";
    for (const FleetKey& key : report.keys)
      text += clean(key_text(report, key, style), style.charset);
    if (!report.keys.empty()) text += '\n';
  }
  text += wrapped(fleet_verdict(report), 0, style);
  if (style.detail != Detail::verdict_only && !report.hosts.empty()) {
    text += clean(leading_to(audit_command(report, style.charset), "One of them in full:", style),
                  style.charset);
  }
  return text;
}

}  // namespace tuner::render
