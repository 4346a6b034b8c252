#include "render/fleet_since.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/fleet_since.hpp"
#include "render/html_page.hpp"
#include "render/json_parts.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

using judge::FleetChange;
using judge::FleetSince;

std::int64_t count_of(const std::vector<std::string>& hosts) {
  return static_cast<std::int64_t>(hosts.size());
}

/// "web01, web02 and 7 more"
std::string some_hosts(const std::vector<std::string>& hosts, std::size_t most) {
  std::string text;
  for (std::size_t index = 0; index < std::min(most, hosts.size()); ++index) {
    text += (index == 0 ? "" : ", ") + hosts[index];
  }
  if (hosts.size() > most) {
    text +=
        fmt::format(" and {} more", text::grouped(static_cast<std::int64_t>(hosts.size() - most)));
  }
  return text;
}

/// "Since 2026-11-30T06:00:00Z: 2 findings are new on some hosts, 1 is gone from some; 3 hosts are
/// new, 1 is missing."
std::string verdict_of(const FleetReport& report, const FleetSince& since) {
  const auto appeared = static_cast<std::int64_t>(since.appeared.size());
  const auto gone = static_cast<std::int64_t>(since.gone.size());
  std::string text = fmt::format(
      "Since {}: {} new on some hosts, {} gone from some", report.former->generated_at,
      text::plural(appeared, "finding is", "findings are"), text::plural(gone, "is", "are"));
  const auto add = [&text](const std::vector<std::string>& hosts, std::string_view what) {
    if (hosts.empty()) return;
    text += fmt::format("; {} {}: {}", text::plural(count_of(hosts), "host is", "hosts are"), what,
                        some_hosts(hosts, 6));
  };
  add(since.new_hosts, "new");
  add(since.missing_hosts, "missing");
  text += '.';
  const std::string profile = report.profile ? report.profile->name : std::string();
  if (profile == report.former->profile) return text;
  return text +
         (report.former->profile.empty()
              ? " Those hosts were audited without a profile."
              : fmt::format(" Those hosts were audited with profile {}.", report.former->profile));
}

std::string name_of_change(const FleetChange& change) {
  return change.about.empty() ? change.id : fmt::format("{} ({})", change.id, change.about);
}

std::string lines_of_changes(const std::vector<FleetChange>& changes, std::string_view label,
                             const Style& style) {
  constexpr std::size_t kMostChanges = 10;
  const std::size_t shown =
      style.detail == Detail::everything ? changes.size() : std::min(kMostChanges, changes.size());
  std::string text;
  for (std::size_t index = 0; index < shown; ++index) {
    const FleetChange& change = changes[index];
    text += wrapped(
        fmt::format("{}: {} on {}", label, name_of_change(change), some_hosts(change.hosts, 6)),
        kIndent, style);
  }
  if (shown == changes.size()) return text;
  return text +
         wrapped(fmt::format("and {} more: -v lists all.", changes.size() - shown), kIndent, style);
}

std::string table_of_changes(const std::vector<FleetChange>& changes) {
  constexpr std::size_t kMostNamed = 200;
  std::vector<HtmlRow> rows;
  rows.reserve(changes.size());
  for (const FleetChange& change : changes) {
    rows.push_back(
        {{html_severity(change.severity), html_text(change.id), html_key(change.about),
          std::to_string(change.hosts.size()), html_text(some_hosts(change.hosts, kMostNamed))},
         {}});
  }
  return html_table({"", "finding", "about", "hosts", "which"}, rows,
                    {false, false, false, true, false});
}

Json change_object(const FleetChange& change) {
  return Object()
      .with("id", change.id)
      .with("about", change.about)
      .with("severity", severity_name(change.severity))
      .with("names", list_of(change.hosts))
      .json();
}

}  // namespace

std::string fleet_since_text(const FleetReport& report, const Style& style) {
  if (!report.former) return {};
  const FleetSince since = judge::fleet_since(report, *report.former);
  std::string text = wrapped(verdict_of(report, since), 0, style);
  if (style.detail == Detail::verdict_only) return text;
  return text + lines_of_changes(since.appeared, "New", style) +
         lines_of_changes(since.gone, "Gone", style) + '\n';
}

std::string fleet_since_html(const FleetReport& report) {
  if (!report.former) return {};
  const FleetSince since = judge::fleet_since(report, *report.former);
  std::string html = html_heading("What changed", "since");
  html += html_paragraph(verdict_of(report, since));
  if (!since.appeared.empty()) html += html_paragraph("New:") + table_of_changes(since.appeared);
  if (!since.gone.empty()) html += html_paragraph("Gone:") + table_of_changes(since.gone);
  return html;
}

Json fleet_since_object(const FleetReport& report) {
  if (!report.former) return json_of(nullptr);
  const FleetSince since = judge::fleet_since(report, *report.former);
  return Object()
      .with("generated_at", report.former->generated_at)
      .with("new", list_of(since.appeared, change_object))
      .with("gone", list_of(since.gone, change_object))
      .with("new_hosts", list_of(since.new_hosts))
      .with("missing_hosts", list_of(since.missing_hosts))
      .json();
}

}  // namespace tuner::render
