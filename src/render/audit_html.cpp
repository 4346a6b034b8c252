#include <fmt/core.h>

#include <algorithm>

#include "core/text/human.hpp"
#include "render/audit_formats.hpp"
#include "render/host_line.hpp"
#include "render/html_page.hpp"
#include "render/json_parts.hpp"
#include "render/text.hpp"
#include "render/xml.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

/// A row of a finding's list; empty where there is nothing to say.
std::string term(std::string_view name, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(text));
}

std::string evidence_of(const Finding& finding) {
  if (finding.evidence.empty()) return {};
  std::string text = "<dt>Evidence</dt><dd>";
  for (const Evidence& evidence : finding.evidence) {
    text += fmt::format("<div><code>{}</code> {}, {} <span class=\"soft\">{}</span></div>",
                        escaped(evidence.name),
                        evidence.value.empty() ? "is empty" : escaped(evidence.value),
                        escaped(evidence.meaning), escaped(evidence.source));
  }
  return text + "</dd>\n";
}

std::string place_of(const Finding& finding) {
  if (!finding.location) return {};
  return term("Set in", fmt::format("{}:{}", finding.location->file, finding.location->line));
}

std::string card(const Finding& finding) {
  std::string text =
      fmt::format("<section class=\"card {}\">\n<h3>{} {}</h3>\n", name_of(finding.severity),
                  html_severity(finding.severity), escaped(finding.id));
  if (!finding.subject.empty()) {
    text += fmt::format("<p><code>{}</code></p>\n", escaped(finding.subject));
  }
  text += html_paragraph(finding.message) + "<dl>\n" + evidence_of(finding);
  text += term("Why", why_of(finding)) + term("Source", source_of(finding));
  text += term("Cost", finding.cost) + place_of(finding) + term("Fix", text_of(finding.fix));
  return text + "</dl>\n</section>\n";
}

std::string failures_of(const std::vector<const Finding*>& findings, bool complete) {
  std::string cards;
  for (const Finding* const finding : findings) {
    if (finding->status == Status::fail) cards += card(*finding);
  }
  if (!cards.empty()) return cards;
  return complete ? html_paragraph("Nothing is wrong.", "good")
                  : html_paragraph("None, as far as it could be judged.");
}

/// What a file sets, beside what runs.
std::string boot_of(const Report& report) {
  std::vector<std::vector<std::string>> rows;
  if (report.boot) {
    for (const BootKey& key : report.boot->keys) {
      const BootValue* const boot = report.boot->at_boot(key.key);
      if (boot == nullptr) continue;
      const bool differs = report.boot->differs_from_running(key);
      const std::string running = key.running ? *key.running : describe(key.running.error());
      rows.push_back({escaped(key.key), escaped(running),
                      escaped(boot->value ? *boot->value : boot->error),
                      differs ? "<span class=\"label warning\">differs</span>" : "",
                      escaped(fmt::format("{}:{}", boot->file, boot->line))});
    }
  }
  if (rows.empty())
    return html_paragraph(
        "No file sets a key at boot: the kernel's own values are "
        "what boots.");
  return html_table({"key", "runs", "boots", "", "set in"}, rows);
}

std::string limits_of(const HostSnapshot& host) {
  std::string text;
  for (const Gauge& gauge : gauges_of(host)) text += html_gauge(gauge);
  return text.empty() ? html_paragraph("None could be read.") : text;
}

std::string others_of(const std::vector<const Finding*>& findings, Status status,
                      std::string_view what) {
  std::vector<std::vector<std::string>> rows;
  for (const Finding* const finding : findings) {
    if (finding->status != status) continue;
    std::string message = finding->message;
    if (finding->waiver) message = fmt::format("Waived: {} {}", finding->waiver->reason, message);
    rows.push_back({escaped(finding->id), escaped(finding->subject), escaped(message)});
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

std::string audit_html(const Report& report, std::string_view version) {
  if (!report.host) return {};
  const Profile* const profile = report.profile ? &*report.profile : nullptr;
  const auto findings = worst_first(report.findings);
  const std::string name = report.host->hostname ? *report.host->hostname : "unknown host";
  std::string html = fmt::format("<h1>{}</h1>\n", escaped(name));
  html += html_paragraph(host_summary(*report.host, profile), "soft");
  html += html_paragraph(audit_verdict(report.summary()), "verdict") + warnings_of(report);
  html += html_heading("Findings") + failures_of(findings, report.complete());
  html += html_heading("Limits and queues") + limits_of(*report.host);
  html += html_heading("What boots and what runs") + boot_of(report);
  html += html_heading("Other checks");
  html += others_of(findings, Status::unknown, "could not be read");
  html += others_of(findings, Status::skipped, "do not apply here or are waived");
  html += others_of(findings, Status::pass, "pass");
  return html_page("tuner: " + name, html,
                   fmt::format("tuner {}, {}", version, text::timestamp(report.generated_at)));
}

}  // namespace tuner::render
