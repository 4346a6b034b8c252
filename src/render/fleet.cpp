#include "render/fleet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "judge/check.hpp"
#include "render/fleet_since.hpp"
#include "render/shell.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
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

/// "1 error, 2 warnings", in the words of an audit.
std::string host_counts(const FleetHost& host) {
  const Summary& summary = host.shown;
  std::vector<std::string> parts;
  const auto add = [&parts](std::int64_t count, std::string_view one, std::string_view many) {
    if (count > 0) parts.push_back(text::plural(count, one, many));
  };
  add(summary.errors, "error", "errors");
  add(summary.warnings, "warning", "warnings");
  add(summary.infos, "note", "notes");
  if (parts.empty() && summary.unknown == 0) parts.emplace_back("nothing wrong");
  add(summary.unknown, "check not judged", "checks not judged");
  const auto differs = static_cast<std::int64_t>(host.differs.size());
  if (differs > 0) parts.push_back("differs in " + text::plural(differs, "key", "keys"));
  return text::joined(parts, ", ");
}

/// The worst first. Of a large fleet the list would be all that is seen, so the rest is counted.
std::string hosts_text(const FleetReport& report, const Style& style) {
  constexpr std::size_t kMostHosts = 20;
  const HostNumbers order = report.worst_first();
  const bool all = style.detail == Detail::everything || order.size() <= kMostHosts;
  const std::size_t shown = all ? order.size() : kMostHosts;
  std::string text;
  for (std::size_t index = 0; index < shown; ++index) {
    const FleetHost& host = report.hosts[order[index]];
    const auto worst = worst_severity(host.summary);
    text += worst ? severity_label(*worst, style.color) : std::string(kFindingIndent, ' ');
    text += clean(side_by_side(host.name, host_counts(host), kFindingIndent, style), style.charset);
  }
  if (shown < order.size()) {
    text += wrapped(fmt::format("and {} more, none worse: -v lists all.",
                                text::grouped(static_cast<std::int64_t>(order.size() - shown))),
                    kFindingIndent, style);
  }
  return text + '\n';
}

std::string reasons_of(const FleetFinding& finding, const Style& style) {
  const Rule* const rule = find_rule(finding.id);
  if (rule == nullptr || style.detail != Detail::everything) return {};
  return wrapped("Why: " + std::string(rule->why), kFindingIndent, style) +
         wrapped("Source: " + std::string(rule->source), kFindingIndent, style) +
         wrapped("Fix: " + std::string(rule->fix), kFindingIndent, style);
}

/// Which hosts have it, on which key or subject.
std::string row_text(const FleetReport& report, const FleetFinding& row, bool alone,
                     const Style& style) {
  const std::string about = row.key.empty() ? row.subject : row.key;
  const std::string names = names_of(report, row.hosts);
  if (about.empty() && alone) return wrapped(names, kFindingIndent, style);
  const std::string what = about.empty() ? "others" : about;
  if (alone) return wrapped(what + ": " + names, kFindingIndent, style);
  return wrapped(
      fmt::format("{}, {}: {}", what,
                  text::plural(static_cast<std::int64_t>(row.hosts.size()), "host", "hosts"),
                  names),
      kFindingIndent, style);
}

/// What is said of a finding is said once, however many keys it is about and however bad it is.
std::string finding_text(const FleetReport& report, const FindingRows& rows, bool said,
                         const Style& style) {
  const FleetFinding& first = *rows.front();
  const std::string share =
      fmt::format("{} of {}", text::grouped(static_cast<std::int64_t>(hosts_with(rows).size())),
                  text::plural(static_cast<std::int64_t>(report.hosts.size()), "host", "hosts"));
  std::string text = side_by_side(first.id, share, kFindingIndent, style);
  if (!said) text += wrapped(meaning_of(first.id), kFindingIndent, style);
  for (const FleetFinding* const row : rows) {
    text += row_text(report, *row, rows.size() == 1, style);
  }
  if (!said) text += reasons_of(first, style);
  return severity_label(first.severity, style.color) + clean(text, style.charset) + '\n';
}

std::string findings_text(const FleetReport& report, const Style& style) {
  std::string text;
  std::set<std::string_view> said;
  for (const FindingRows& rows : rows_by_finding(report.findings)) {
    text += finding_text(report, rows, !said.insert(rows.front()->id).second, style);
  }
  return text;
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
  std::string directory = report.directory;
  while (directory.ends_with('/')) directory.pop_back();
  const FleetHost& worst = report.hosts[report.worst_first().front()];
  return report.audit_command + " --root " + shell_word(directory + '/' + worst.name, charset);
}

std::string heading(const FleetReport& report, const Style& style) {
  std::string text = fmt::format(
      "{} below {}", text::plural(static_cast<std::int64_t>(report.hosts.size()), "host", "hosts"),
      report.directory);
  if (report.profile) text += " \xc2\xb7 profile " + report.profile->name;
  return wrapped(text, 0, style) + '\n';
}

}  // namespace

std::string_view meaning_of(std::string_view finding) {
  const Rule* const rule = find_rule(finding);
  return rule == nullptr ? std::string_view() : rule->what;
}

std::vector<FindingRows> rows_by_finding(const std::vector<FleetFinding>& findings) {
  std::vector<FindingRows> groups;
  std::map<std::pair<std::string_view, Severity>, std::size_t> places;
  for (const FleetFinding& finding : findings) {
    const auto place = places.try_emplace({finding.id, finding.severity}, groups.size()).first;
    if (place->second == groups.size()) groups.emplace_back();
    groups[place->second].push_back(&finding);
  }
  return groups;
}

HostNumbers hosts_with(const FindingRows& rows) {
  HostNumbers hosts;
  for (const FleetFinding* const row : rows) {
    HostNumbers both;
    std::set_union(hosts.begin(), hosts.end(), row->hosts.begin(), row->hosts.end(),
                   std::back_inserter(both));
    hosts = std::move(both);
  }
  return hosts;
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
  const auto all = static_cast<std::int64_t>(report.hosts.size());
  const std::int64_t errors = report.count(Severity::error);
  std::string line;
  if (errors == 0) {
    line = all == 1 ? "The one host has no errors now"
                    : fmt::format("None of {} hosts has errors now", text::grouped(all));
  } else {
    line = fmt::format("{} of {} {} errors now", text::grouped(errors),
                       text::plural(all, "host", "hosts"), errors == 1 ? "has" : "have");
  }
  bool first = true;
  const auto add = [&line, &first](std::int64_t count, std::string_view has,
                                   std::string_view have) {
    if (count == 0) return;
    line +=
        first ? "; " + text::plural(count, "host ", "hosts ") : ", " + text::grouped(count) + ' ';
    line += count == 1 ? has : have;
    first = false;
  };
  add(report.count(Severity::warning), "has warnings", "have warnings");
  add(report.count(Severity::info), "has notes", "have notes");
  add(report.clean(), "has nothing wrong", "have nothing wrong");
  add(report.incomplete(), "could not be judged in full", "could not be judged in full");
  add(static_cast<std::int64_t>(report.unread.size()), "could not be read", "could not be read");
  const int waived = report.summary().waived;
  if (waived > 0) line += "; " + text::plural(waived, "finding is waived", "findings are waived");
  return line + '.';
}

std::string fleet_text(const FleetReport& report, const Style& style) {
  std::string text;
  if (style.detail != Detail::verdict_only) {
    text += clean(heading(report, style), style.charset);
    if (!report.hosts.empty()) text += hosts_text(report, style);
    text += findings_text(report, style);
    if (!report.keys.empty()) text += "Hosts that differ from the rest:\n";
    for (const FleetKey& key : report.keys)
      text += clean(key_text(report, key, style), style.charset);
    if (!report.keys.empty()) text += '\n';
  }
  text += clean(fleet_since_text(report, style), style.charset);
  text += wrapped(fleet_verdict(report), 0, style);
  if (style.detail != Detail::verdict_only && !report.hosts.empty()) {
    text += clean(leading_to(audit_command(report, style.charset), "One of them in full:", style),
                  style.charset);
  }
  return text;
}

}  // namespace tuner::render
