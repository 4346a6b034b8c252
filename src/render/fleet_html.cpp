#include <fmt/core.h>

#include "core/text/human.hpp"
#include "render/fleet.hpp"
#include "render/html_page.hpp"
#include "render/json_parts.hpp"
#include "render/xml.hpp"

namespace tuner::render {

namespace {

std::string share(std::size_t part, std::size_t whole) {
  return fmt::format("{} of {}", text::grouped(static_cast<std::int64_t>(part)),
                     text::grouped(static_cast<std::int64_t>(whole)));
}

std::string findings_of(const FleetReport& report) {
  const bool judged = report.incomplete() == 0 && report.unread.empty();
  if (report.findings.empty() && !judged) return html_paragraph("None, as far as it was judged.");
  if (report.findings.empty()) return html_paragraph("Nothing is wrong.", "good");
  std::string html;
  for (const FleetFinding& finding : report.findings) {
    const Gauge gauge{.name = names_of(report, finding.hosts),
                      .used = static_cast<std::int64_t>(finding.hosts.size()),
                      .limit = static_cast<std::int64_t>(report.hosts.size()),
                      .unit = "hosts"};
    html += fmt::format("<section class=\"card {}\">\n<h3>{} {}</h3>\n", name_of(finding.severity),
                        html_severity(finding.severity), escaped(finding.id));
    html += html_paragraph(meaning_of(finding)) + html_share(gauge) + "</section>\n";
  }
  return html;
}

std::string keys_of(const FleetReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const FleetKey& key : report.keys) {
    const std::string usual = key.usual_is_default ? "the kernel's choice" : key.usual;
    for (const FleetValue& other : key.others) {
      rows.push_back(
          {escaped(key.key), escaped(usual),
           share(static_cast<std::size_t>(key.usual_hosts), static_cast<std::size_t>(key.hosts)),
           escaped(other.value.empty() ? "empty" : other.value),
           escaped(names_of(report, other.hosts))});
    }
  }
  if (rows.empty()) return html_paragraph("No host differs from the rest.", "good");
  return html_table({"key", "most have", "on", "differs", "hosts"}, rows);
}

std::string hosts_of(const FleetReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const FleetHost& host : report.hosts) {
    rows.push_back({escaped(host.name), escaped(host.kernel), std::to_string(host.summary.errors),
                    std::to_string(host.summary.warnings), std::to_string(host.summary.infos),
                    std::to_string(host.summary.unknown), std::to_string(host.differs.size())});
  }
  return html_details(
      fmt::format("All {}", text::plural(static_cast<std::int64_t>(rows.size()), "host", "hosts")),
      html_table(
          {"host", "kernel", "errors", "warnings", "remarks", "not judged", "keys that differ"},
          rows, {false, false, true, true, true, true, true}));
}

std::string unread_of(const FleetReport& report) {
  if (report.unread.empty()) return {};
  std::string html = html_heading("Not read");
  for (const Error& error : report.unread) html += html_paragraph(error.message());
  return html;
}

}  // namespace

std::string fleet_html(const FleetReport& report, std::string_view version) {
  std::string html = fmt::format("<h1>{}</h1>\n", escaped(report.folder));
  if (report.profile) html += html_paragraph("profile " + report.profile->name, "soft");
  html += html_paragraph(fleet_verdict(report), "verdict");
  html += html_heading("Findings") + findings_of(report);
  html += html_heading("Who differs from the rest, and in what") + keys_of(report);
  html += html_heading("Hosts") + hosts_of(report) + unread_of(report);
  return html_page("tuner: " + report.folder, html,
                   fmt::format("tuner {}, {}", version, text::timestamp(report.generated_at)));
}

}  // namespace tuner::render
