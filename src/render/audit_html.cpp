#include <fmt/core.h>

#include <algorithm>

#include "judge/gauges.hpp"
#include "judge/group.hpp"
#include "knowledge/facts.hpp"
#include "render/audit.hpp"
#include "render/audit_cards.hpp"
#include "render/host_line.hpp"
#include "render/html_page.hpp"
#include "render/json_parts.hpp"
#include "render/since.hpp"
#include "render/text.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

/// What the verdict of the text says, in the numbers of the cards.
std::string page_verdict(const std::vector<FindingGroup>& groups, const Summary& summary) {
  std::string verdict = audit_verdict(as_shown(summary, groups));
  // Notes are hidden in the text, and not here.
  const auto hint = verdict.find(" (-v");
  if (hint != std::string::npos) verdict.erase(hint, verdict.find(')', hint) + 1 - hint);
  return verdict;
}

std::string failures_of(const std::vector<FindingGroup>& groups, bool complete) {
  if (!groups.empty()) return card_contents(groups) + audit_cards(groups);
  return complete ? html_paragraph("Nothing is wrong.", "good")
                  : html_paragraph("None found in what could be judged.");
}

/// Files set more than the network's keys: of the others nothing is known here.
bool is_of_the_network(const BootKey& key) {
  return key.key.starts_with("net.") || find_fact(key.key) != nullptr;
}

/// What a file sets, beside what runs.
std::string boot_of(const BootView& view) {
  std::vector<HtmlRow> rows;
  std::int64_t different = 0;
  for (const BootKey& key : view.keys) {
    const BootValue* const boot = view.at_boot(key.key);
    if (boot == nullptr || !is_of_the_network(key)) continue;
    const bool differs = view.differs_from_running(key);
    different += differs ? 1 : 0;
    const std::string running = key.running ? *key.running : unread_text(key.running.error());
    rows.push_back({{html_key(key.key), html_text(running),
                     html_text(boot->value ? *boot->value : boot->error) +
                         (differs ? " <span class=\"label warning\">differs</span>" : ""),
                     html_text(fmt::format("{}:{}", boot->file, boot->line))},
                    {}});
  }
  if (rows.empty()) {
    return html_paragraph("No file sets a network key at boot: the kernel's defaults apply.");
  }
  const auto count = static_cast<std::int64_t>(rows.size());
  const std::string summary = fmt::format(
      "{} at boot, {}", text::plural(count, "network key is set", "network keys are set"),
      different == 0 ? "as they run"
                     : text::plural(different, "not as it runs", "not as they run"));
  return html_details(summary, html_table({"key", "runs", "boots", "set in"}, rows),
                      different > 0 ? Fold::open : Fold::closed);
}

std::string limits_of(const HostSnapshot& host) {
  std::string text;
  for (const Gauge& gauge : gauges_of(host)) text += html_gauge(gauge);
  return text.empty() ? html_paragraph("None could be read.") : text;
}

std::string others_of(const std::vector<const Finding*>& findings, Status status,
                      std::string_view what) {
  std::vector<HtmlRow> rows;
  for (const Finding* const finding : findings) {
    if (finding->status != status) continue;
    std::string message = finding->message;
    if (finding->waiver) message = fmt::format("Waived: {} {}", finding->waiver->reason, message);
    rows.push_back({{fmt::format("<span class=\"id\">{}</span>", escaped(finding->id)),
                     html_key(finding->subject), html_text(message)},
                    {}});
  }
  if (rows.empty()) return {};
  const std::string summary = fmt::format("{} {}", rows.size(), what);
  return html_details(summary, html_table({"check", "subject", "state"}, rows));
}

std::string warnings_of(const Report& report) {
  std::string text;
  for (const std::string& warning : report.warnings) text += html_paragraph(warning, "soft");
  return text;
}

}  // namespace

std::string audit_html(const Report& report, std::string_view version, std::string_view index) {
  if (!report.host) return {};
  const Profile* const profile = report.profile ? &*report.profile : nullptr;
  const auto findings = worst_first(report.findings);
  const auto groups = group_failures(report.findings);
  const std::string name = report.host->hostname ? *report.host->hostname : "unknown host";
  std::string about = "Audited " + text::timestamp(report.generated_at) + " \xc2\xb7 ";
  about += host_summary(*report.host, profile);
  if (profile == nullptr) about += " \xc2\xb7 no profile";
  std::string html =
      index.empty() ? std::string() : fmt::format("<p>{}</p>\n", html_link(index, "All hosts"));
  html += fmt::format("<h1>{}</h1>\n", escaped(name)) + html_paragraph(about, "soft");
  html += html_paragraph(page_verdict(groups, report.summary()), "verdict") + warnings_of(report);
  html += since_html(report);
  html += audit_steps(report, groups);
  html += html_heading("Findings", "findings") + failures_of(groups, report.complete());
  html += html_heading("Limits and queues") + limits_of(*report.host);
  if (report.boot) html += html_heading("What boots and what runs") + boot_of(*report.boot);
  html += html_heading("Other checks");
  html += others_of(findings, Status::unknown, "could not be read");
  html += others_of(findings, Status::skipped, "do not apply here or are waived");
  html += others_of(findings, Status::pass, "pass");
  const std::string title = "tuner: " + name;
  const std::string footer = fmt::format("tuner {}", version);
  return html_page(
      {.title = title, .html = html, .footer = footer, .of_directory = !index.empty()});
}

}  // namespace tuner::render
