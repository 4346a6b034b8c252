#include "render/since.hpp"

#include <fmt/core.h>

#include "judge/since.hpp"
#include "render/html_page.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

/// "listen-queue-overflow (0.0.0.0:443)"
std::string name_of(const std::string& id, const std::string& subject) {
  return subject.empty() ? id : fmt::format("{} ({})", id, subject);
}

/// ": a, b and 3 more", of the first few.
std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t index = 0; index < std::min(most, names.size()); ++index) {
    text += (index == 0 ? ": " : ", ") + names[index];
  }
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

struct Names {
  std::vector<std::string> appeared{};
  std::vector<std::string> gone{};
};

Names names_of(const judge::Since& since) {
  Names names;
  for (const Finding* const finding : since.appeared) {
    names.appeared.push_back(name_of(finding->id, finding->subject));
  }
  for (const FormerFinding& finding : since.gone) {
    names.gone.push_back(name_of(finding.id, finding.subject));
  }
  return names;
}

/// What else is not the same, so that the comparison says little.
std::string reservations(const Report& report) {
  const FormerAudit& former = *report.former;
  const std::string profile = report.profile ? report.profile->name : std::string();
  std::string text;
  if (report.host->hostname && !former.hostname.empty() &&
      *report.host->hostname != former.hostname) {
    text += fmt::format(" That was an audit of {}.", former.hostname);
  }
  if (profile != former.profile) {
    text += former.profile.empty()
                ? " That was an audit without a profile."
                : fmt::format(" That was an audit with profile {}.", former.profile);
  }
  return text;
}

std::string list_html(const std::vector<std::string>& names) {
  std::string html;
  for (const std::string& name : names) html += fmt::format("<li>{}</li>\n", html_text(name));
  return fmt::format("<ul>\n{}</ul>\n", html);
}

Json former_object(const FormerFinding& finding) {
  return Object()
      .with("id", finding.id)
      .with("subject", finding.subject)
      .with("severity", severity_name(finding.severity))
      .json();
}

Json new_object(const Finding* finding) {
  return former_object(
      {.id = finding->id, .subject = finding->subject, .severity = finding->severity});
}

}  // namespace

std::string since_text(const Report& report, const Style& style) {
  if (!report.former) return {};
  const judge::Since since = judge::since(report.findings, *report.former);
  const Names names = names_of(since);
  const std::size_t most =
      style.detail == Detail::everything ? names.appeared.size() + names.gone.size() : 3;
  return wrapped(
      fmt::format("Since {}: {} new{}; {} gone{}; {} unchanged.{}", report.former->generated_at,
                  names.appeared.size(), some_of(names.appeared, most), names.gone.size(),
                  some_of(names.gone, most), since.stayed, reservations(report)),
      0, style);
}

std::string since_html(const Report& report) {
  if (!report.former) return {};
  const judge::Since since = judge::since(report.findings, *report.former);
  const Names names = names_of(since);
  std::string html = html_heading("What changed", "since");
  html += html_paragraph(fmt::format("Since {}: {} new, {} gone, {} unchanged.{}",
                                     report.former->generated_at, names.appeared.size(),
                                     names.gone.size(), since.stayed, reservations(report)));
  if (!names.appeared.empty()) html += html_paragraph("New:") + list_html(names.appeared);
  if (!names.gone.empty()) html += html_paragraph("Gone:") + list_html(names.gone);
  return html;
}

Json since_object(const Report& report) {
  if (!report.former) return json_of(nullptr);
  const judge::Since since = judge::since(report.findings, *report.former);
  return Object()
      .with("generated_at", report.former->generated_at)
      .with("new", list_of(since.appeared, new_object))
      .with("gone", list_of(since.gone, former_object))
      .with("unchanged", since.stayed)
      .json();
}

}  // namespace tuner::render
