#include <fmt/core.h>

#include <algorithm>

#include "judge/check.hpp"
#include "render/fleet.hpp"
#include "render/fleet_since.hpp"
#include "render/html_page.hpp"
#include "render/json_parts.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

std::int64_t size_of(const HostNumbers& hosts) { return static_cast<std::int64_t>(hosts.size()); }

std::string share(std::int64_t part, std::int64_t whole) {
  return fmt::format("{} of {}", text::grouped(part), text::grouped(whole));
}

/// What a host is filtered by: its worst failure, or that there is none.
std::string_view state_of(const FleetHost& host) {
  const auto worst = worst_severity(host.summary);
  if (worst) return severity_name(*worst);
  return host.summary.unknown > 0 ? "unknown" : "clean";
}

std::string host_name(const FleetHost& host) {
  return html_link(host.page, fmt::format("<bdi>{}</bdi>", html_text(host.name)));
}

/// A few names, and all of them behind a fold where they are more; of a large fleet, JSON has them.
std::string host_names(const FleetReport& report, const HostNumbers& hosts) {
  constexpr std::size_t kFew = 6;
  constexpr std::size_t kMost = 200;
  if (hosts.size() == report.hosts.size() && hosts.size() > 1) return "all";
  std::string html;
  for (std::size_t index = 0; index < std::min(hosts.size(), kMost); ++index) {
    html += (index == 0 ? "" : ", ") + host_name(report.hosts[hosts[index]]);
  }
  if (hosts.size() > kMost) {
    html += fmt::format(" and {} more", text::grouped(size_of(hosts) - std::int64_t{kMost}));
  }
  if (hosts.size() <= kFew) return html;
  return html_details(names_of(report, hosts), html);
}

struct HostState {
  std::string_view name;
  std::string_view one;
  std::string_view many;
};

constexpr HostState kHostStates[] = {{"error", "has errors", "have errors"},
                                     {"warning", "has warnings", "have warnings"},
                                     {"info", "has notes", "have notes"},
                                     {"unknown", "not judged in full", "not judged in full"},
                                     {"clean", "has nothing wrong", "have nothing wrong"}};

/// Links to the first host of each kind, and with the script a filter of them.
std::string ways_to_hosts(const FleetReport& report) {
  std::string links;
  std::string options = "<option value=\"\">all</option>";
  for (const HostState& state : kHostStates) {
    const auto count =
        std::count_if(report.hosts.begin(), report.hosts.end(),
                      [&state](const FleetHost& host) { return state_of(host) == state.name; });
    if (count == 0) continue;
    links += fmt::format("{}<a href=\"#hosts-{}\">{} {}</a>", links.empty() ? "" : ", ", state.name,
                         text::grouped(count), count == 1 ? state.one : state.many);
    options += fmt::format("<option value=\"{}\">{}</option>", state.name, state.many);
  }
  return fmt::format(
      "<p>{}</p>\n<p class=\"controls\" hidden><label>Show <select>{}</select></label>"
      "<label>Host <input type=\"search\"></label></p>\n",
      links, options);
}

std::string hosts_of(const FleetReport& report) {
  std::vector<HtmlRow> rows;
  std::string_view before;
  for (const std::uint32_t number : report.worst_first()) {
    const FleetHost& host = report.hosts[number];
    const std::string_view state = state_of(host);
    HtmlRow row{
        .cells = {host_name(host), html_text(host.kernel), std::to_string(host.shown.errors),
                  std::to_string(host.shown.warnings), std::to_string(host.shown.infos),
                  std::to_string(host.summary.unknown), std::to_string(host.differs.size())},
        .attributes = fmt::format(" data-severity=\"{}\"", state)};
    if (state != before) row.attributes += fmt::format(" id=\"hosts-{}\"", state);
    before = state;
    rows.push_back(std::move(row));
  }
  return ways_to_hosts(report) + html_table({"host", "kernel", "errors", "warnings", "notes",
                                             "not judged", "keys that differ"},
                                            rows, {false, false, true, true, true, true, true});
}

std::string step(const FleetReport& report, const HostNumbers& hosts, const std::string& html) {
  const bool all = hosts.size() == report.hosts.size() && hosts.size() > 1;
  return fmt::format("<li>On {}{}: {}{}</li>\n", all ? "all " : "",
                     text::plural(size_of(hosts), "host", "hosts"),
                     all ? "" : host_names(report, hosts), html);
}

/// What has to be done by hand, in the words of the hosts where they say the same.
std::string step_by_hand(const FindingRows& rows) {
  const FleetFinding& first = *rows.front();
  const Rule* const rule = find_rule(first.id);
  std::string html = fmt::format("<p>{} {}", html_severity(first.severity), escaped(first.id));
  std::string fix = first.fix;
  for (const FleetFinding* const row : rows) {
    const std::string& about = row->key.empty() ? row->subject : row->key;
    if (!about.empty()) html += (row == &first ? ": " : ", ") + html_key(about);
    if (row->fix != fix) fix.clear();
  }
  if (fix.empty() && rule != nullptr) fix = rule->fix;
  return html + "<br>No sysctl fixes this. " + html_text(fix) + "</p>\n";
}

/// The commands that fix what sysctls fix, and what is left to do by hand.
std::string steps_of(const FleetReport& report) {
  constexpr std::size_t kMostSteps = 100;
  std::string html;
  for (std::size_t place = 0; place < std::min(report.steps.size(), kMostSteps); ++place) {
    const FleetStep& each = report.steps[place];
    html += step(report, each.hosts, html_command(each.command));
  }
  for (const FindingRows& rows : rows_by_finding(report.by_hand)) {
    html += step(report, hosts_with(rows), step_by_hand(rows));
  }
  if (html.empty()) return {};
  html = html_heading("What to do", "steps") + "<ol>\n" + html + "</ol>\n";
  if (report.steps.size() <= kMostSteps) return html;
  return html + html_paragraph("More commands: the JSON report has one for each host.", "soft");
}

/// A row for each key or subject; without one, the hosts alone.
std::string rows_table(const FleetReport& report, const FindingRows& rows) {
  const FleetFinding& first = *rows.front();
  if (rows.size() == 1 && first.key.empty() && first.subject.empty()) {
    return fmt::format("<div>{}</div>\n", host_names(report, first.hosts));
  }
  const auto all = static_cast<std::int64_t>(report.hosts.size());
  std::vector<HtmlRow> cells;
  for (const FleetFinding* const row : rows) {
    std::string about = row->key.empty() ? html_text(row->subject) : html_key(row->key);
    if (about.empty()) about = "others";
    cells.push_back({{about, share(size_of(row->hosts), all), host_names(report, row->hosts)}, {}});
  }
  return html_table({first.key.empty() ? "about" : "key", "hosts", "which"}, cells,
                    {false, true, false});
}

std::string finding_card(const FleetReport& report, const FindingRows& rows, bool said) {
  const FleetFinding& first = *rows.front();
  const std::int64_t hosts = size_of(hosts_with(rows));
  const auto all = static_cast<std::int64_t>(report.hosts.size());
  const Gauge gauge{.name = {}, .used = hosts, .limit = all, .unit = "hosts", .pressing = 0};
  std::string html =
      fmt::format("<section class=\"card {0}\" data-severity=\"{0}\">\n<h3>{1} {2}</h3>\n",
                  severity_name(first.severity), html_severity(first.severity), escaped(first.id));
  html += html_paragraph(meaning_of(first.id)) + html_gauge(gauge);
  html += rows_table(report, rows);
  const Rule* const rule = find_rule(first.id);
  if (rule != nullptr && !said) {
    html +=
        html_details("Why, source and fix", "<dl>\n" + html_term("Why", html_text(rule->why)) +
                                                html_term("Source", html_text(rule->source)) +
                                                html_term("Fix", html_text(rule->fix)) + "</dl>\n");
  }
  return html + "</section>\n";
}

/// A fold for each severity; what an error is about is seen at once.
std::string findings_of(const FleetReport& report) {
  const bool judged = report.incomplete() == 0 && report.unread.empty();
  if (report.findings.empty() && !judged)
    return html_paragraph("None found in what could be judged.");
  if (report.findings.empty()) return html_paragraph("Nothing is wrong.", "good");
  std::vector<std::string_view> said;
  const auto groups = rows_by_finding(report.findings);
  std::string html;
  for (const Severity severity : {Severity::error, Severity::warning, Severity::info}) {
    std::string cards;
    std::int64_t count = 0;
    for (const FindingRows& rows : groups) {
      if (rows.front()->severity != severity) continue;
      const bool repeated = std::find(said.begin(), said.end(), rows.front()->id) != said.end();
      said.push_back(rows.front()->id);
      cards += finding_card(report, rows, repeated);
      ++count;
    }
    constexpr std::string_view kOne[] = {"note", "warning", "error"};
    constexpr std::string_view kMany[] = {"notes", "warnings", "errors"};
    const auto place = static_cast<std::size_t>(severity);
    if (count == 0) continue;
    html += html_details(text::plural(count, kOne[place], kMany[place]), cards,
                         severity == Severity::info ? Fold::closed : Fold::open);
  }
  return html;
}

std::string keys_of(const FleetReport& report) {
  std::vector<HtmlRow> rows;
  for (const FleetKey& key : report.keys) {
    const std::string usual = key.usual_is_default ? "the kernel's choice" : key.usual;
    for (const FleetValue& other : key.others) {
      rows.push_back({{html_key(key.key), html_text(usual), share(key.usual_hosts, key.hosts),
                       html_text(other.value.empty() ? "empty" : other.value),
                       host_names(report, other.hosts)},
                      {}});
    }
  }
  if (rows.empty()) return html_paragraph("No host differs from the rest.", "good");
  return html_table({"key", "most have", "on", "differs", "hosts"}, rows,
                    {false, false, true, false, false});
}

std::string unread_of(const FleetReport& report) {
  if (report.unread.empty()) return {};
  std::string html = html_heading("Not read", "unread");
  for (const Error& error : report.unread) html += html_paragraph(error.message());
  return html;
}

}  // namespace

std::string fleet_html(const FleetReport& report, std::string_view version) {
  std::string about = "Audited " + text::timestamp(report.generated_at);
  about += report.profile ? " \xc2\xb7 profile " + report.profile->name : " \xc2\xb7 no profile";
  std::string html = fmt::format("<h1>{}</h1>\n", escaped(report.directory));
  html += html_paragraph(about, "soft") + html_paragraph(fleet_verdict(report), "verdict");
  html += fmt::format(
      "<p><a href=\"#hosts\">Hosts</a>, {}<a href=\"#findings\">findings</a>, "
      "<a href=\"#keys\">differences</a></p>\n",
      report.steps.empty() && report.by_hand.empty() ? "" : "<a href=\"#steps\">what to do</a>, ");
  html += fleet_since_html(report);
  html += html_heading("Hosts", "hosts") + hosts_of(report) + unread_of(report);
  html += steps_of(report) + html_heading("Findings", "findings") + findings_of(report);
  html += html_heading("Hosts that differ from the rest", "keys") + keys_of(report);
  const bool in_directory = std::any_of(report.hosts.begin(), report.hosts.end(),
                                        [](const FleetHost& host) { return !host.page.empty(); });
  const std::string title = "tuner: " + report.directory;
  const std::string footer = fmt::format("tuner {}", version);
  return html_page({.title = title,
                    .html = html,
                    .footer = footer,
                    .sorts = true,
                    .of_directory = in_directory});
}

}  // namespace tuner::render
