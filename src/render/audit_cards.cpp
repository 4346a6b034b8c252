#include "render/audit_cards.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "judge/check.hpp"
#include "judge/remedy.hpp"
#include "render/html_page.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

std::string anchor_of(std::size_t place) { return fmt::format("f{}", place + 1); }

/// The key or the subject, as what it is.
std::string about_html(const Finding& finding) {
  if (finding.subject.empty()) return finding.key ? html_key(*finding.key) : std::string();
  return html_key(finding.subject);
}

std::string evidence_html(const Finding& finding) {
  std::string html;
  for (const Evidence& evidence : finding.evidence) {
    html +=
        fmt::format("<div>{} {}, {} <span class=\"soft\">{}</span></div>", html_key(evidence.name),
                    evidence.value.empty() ? "is empty" : html_text(evidence.value),
                    html_text(evidence.meaning), html_text(evidence.source));
  }
  return html;
}

/// The line that gave the key its value, unless the sentence names it.
std::string set_in(const Finding& finding) {
  if (!finding.location) return {};
  std::string place = fmt::format("{}:{}", finding.location->file, finding.location->line);
  if (finding.message.find(place) != std::string::npos) return {};
  if (!finding.key || !finding.boot || finding.boot == finding.running) return place;
  return fmt::format("{}, to {} at the next boot", place,
                     finding.boot->empty() ? "nothing" : *finding.boot);
}

/// Writes cards, and says each reason once: what was said before is a link.
class CardWriter {
 public:
  explicit CardWriter(std::size_t place) : place_(place) {}
  void begin(std::size_t place) { place_ = place; }

  std::string card(const FindingGroup& group) {
    const Finding& first = *group.findings.front();
    std::string html = fmt::format("<section class=\"card {}\" id=\"{}\">\n",
                                   severity_name(first.severity), anchor_of(place_));
    return html + (group.is_run ? run(group) : block(group)) + "</section>\n";
  }

 private:
  /// The cause in full, and what follows from it in cards of their own below it.
  std::string block(const FindingGroup& group) {
    const Finding& first = *group.findings.front();
    std::string html = one(first, "");
    for (std::size_t index = 1; index < group.findings.size(); ++index) {
      const Finding& also = *group.findings[index];
      html += fmt::format("<section class=\"card {}\">\n{}</section>\n",
                          severity_name(also.severity), one(also, "Also "));
    }
    return html;
  }

  std::string one(const Finding& finding, std::string_view also) {
    std::string html = fmt::format("<h3>{}{} {}</h3>\n", also, html_severity(finding.severity),
                                   escaped(finding.id));
    const std::string about = about_html(finding);
    if (!about.empty()) html += fmt::format("<p>{}</p>\n", about);
    html += html_paragraph(finding.message);
    const std::string terms = html_term("Evidence", evidence_html(finding)) +
                              html_term("Set in", html_text(set_in(finding))) +
                              html_term("Fix", html_text(fix_text(finding.fix)));
    if (!terms.empty()) html += "<dl>\n" + terms + "</dl>\n";
    return html + reasons_html(finding);
  }

  /// A row for each, with what fixes it where that is not the same for all.
  std::string run(const FindingGroup& group) {
    const Finding& first = *group.findings.front();
    const std::string fix = fix_text(first.fix);
    const bool same_fix =
        std::all_of(group.findings.begin(), group.findings.end(),
                    [&fix](const Finding* finding) { return fix_text(finding->fix) == fix; });
    const bool set_by_files =
        std::any_of(group.findings.begin(), group.findings.end(),
                    [](const Finding* finding) { return !set_in(*finding).empty(); });
    std::vector<std::string> heads{first.key ? "key" : "about", "state"};
    if (set_by_files) heads.emplace_back("set in");
    if (!same_fix) heads.emplace_back("fix");
    std::vector<HtmlRow> rows;
    for (const Finding* const finding : group.findings) {
      HtmlRow row{
          .cells = {about_html(*finding), html_text(finding->message) + evidence_html(*finding)}};
      if (set_by_files) row.cells.push_back(html_text(set_in(*finding)));
      if (!same_fix) row.cells.push_back(html_text(fix_text(finding->fix)));
      rows.push_back(std::move(row));
    }
    std::string html =
        fmt::format("<h3>{} {} <span class=\"soft\">{} of them</span></h3>\n",
                    html_severity(first.severity), escaped(first.id), group.findings.size());
    html += html_table(heads, rows);
    if (same_fix) html += "<dl>\n" + html_term("Fix", html_text(fix)) + "</dl>\n";
    return html + reasons_of_run(group);
  }

  static std::string terms_of_reason(const Finding& finding) {
    return "<dl>\n" + html_term("Why", html_text(why_of(finding))) +
           html_term("Source", html_text(source_of(finding))) +
           html_term("Cost", html_text(finding.cost)) + "</dl>\n";
  }

  /// What a finding gives as its reason, and the first card that does.
  struct Said {
    std::size_t place = 0;
    std::string id{};
    bool before = false;
  };

  Said say(const Finding& finding) {
    const auto reason = std::tuple(why_of(finding), source_of(finding), finding.cost);
    const auto found = said_.try_emplace(reason, Said{.place = place_, .id = finding.id});
    Said said = found.first->second;
    said.before = !found.second;
    return said;
  }

  /// A link where another card has it; empty where this one has.
  [[nodiscard]] std::string link_to(const Said& said) const {
    if (said.place == place_) return {};
    return fmt::format("<p class=\"soft\">Why and source: as in <a href=\"#{}\">{}</a>.</p>\n",
                       anchor_of(said.place), escaped(said.id));
  }

  std::string reasons_html(const Finding& finding) {
    const Said said = say(finding);
    if (said.before) return link_to(said);
    return html_details("Why and source", terms_of_reason(finding));
  }

  /// Those of a run in one fold, each under its key where they differ.
  std::string reasons_of_run(const FindingGroup& group) {
    std::vector<const Finding*> fresh;
    std::string links;
    for (const Finding* const finding : group.findings) {
      const Said said = say(*finding);
      if (!said.before) fresh.push_back(finding);
      if (said.before && links.find(link_to(said)) == std::string::npos) links += link_to(said);
    }
    if (fresh.empty()) return links;
    if (fresh.size() == 1)
      return html_details("Why and source", terms_of_reason(*fresh[0])) + links;
    std::string html;
    for (const Finding* const finding : fresh) {
      html += fmt::format("<p>{}</p>\n", about_html(*finding)) + terms_of_reason(*finding);
    }
    return html_details("Why and source of each", html) + links;
  }

  std::size_t place_;
  std::map<std::tuple<std::string_view, std::string_view, std::string>, Said> said_;
};

/// The card of a finding; as many as there are groups where it has none.
std::size_t card_of(const std::vector<FindingGroup>& groups, const Finding* wanted) {
  const auto group = std::find_if(groups.begin(), groups.end(), [wanted](const FindingGroup& one) {
    return std::find(one.findings.begin(), one.findings.end(), wanted) != one.findings.end();
  });
  return static_cast<std::size_t>(group - groups.begin());
}

std::string link_to_card(std::size_t place, const FindingGroup& group) {
  const Finding& first = *group.findings.front();
  std::string words = fmt::format("{} {}", html_severity(first.severity), escaped(first.id));
  if (group.is_run) words += fmt::format(", {} of them", group.findings.size());
  if (!group.is_run && !first.subject.empty()) words += ": " + html_text(first.subject);
  return html_link('#' + anchor_of(place), words);
}

/// A row for each key, with what it is now and which cards ask for it.
std::string settings_html(const Report& report, const std::vector<FindingGroup>& groups,
                          const Remedy& remedy) {
  std::vector<HtmlRow> rows;
  for (const Setting& setting : remedy.settings) {
    std::vector<std::string> links;
    for (const Finding& finding : report.findings) {
      const auto& fixes = finding.fix.settings;
      if (finding.status != Status::fail) continue;
      if (std::find(fixes.begin(), fixes.end(), setting) == fixes.end()) continue;
      const std::string link =
          html_link('#' + anchor_of(card_of(groups, &finding)),
                    fmt::format("<span class=\"id\">{}</span>", escaped(finding.id)));
      if (std::find(links.begin(), links.end(), link) == links.end()) links.push_back(link);
    }
    const auto& running = report.host->sysctl(setting.key);
    rows.push_back({{html_key(setting.key), running ? html_text(running->text) : "",
                     html_text(setting.value), text::joined(links, ", ")},
                    {}});
  }
  return html_table({"key", "runs", "is set to", "for"}, rows);
}

}  // namespace

std::string audit_cards(const std::vector<FindingGroup>& groups) {
  std::string html;
  CardWriter writer(0);
  for (std::size_t place = 0; place < groups.size(); ++place) {
    writer.begin(place);
    html += writer.card(groups[place]);
  }
  return html;
}

std::string card_contents(const std::vector<FindingGroup>& groups) {
  constexpr std::size_t kSeenAtOnce = 5;
  if (groups.size() <= kSeenAtOnce) return {};
  std::string html = "<nav aria-label=\"Findings\"><ul>\n";
  for (std::size_t place = 0; place < groups.size(); ++place) {
    html += fmt::format("<li>{}</li>\n", link_to_card(place, groups[place]));
  }
  return html + "</ul></nav>\n";
}

std::string audit_steps(const Report& report, const std::vector<FindingGroup>& groups) {
  const Remedy remedy = remedy_of(report.findings, Severity::warning);
  std::string html;
  const bool sets = !remedy.settings.empty();
  if (!report.next_command.empty()) {
    const bool waits = report.next_command.find("--confirm-within") != std::string::npos;
    html +=
        html_paragraph(
            !sets   ? "This may be over. To see whether it still happens:"
            : waits ? "Sysctls fix these. Without tuner confirm, the change rolls back by itself:"
                    : "Sysctls fix these:") +
        html_command(report.next_command);
    if (sets) html += settings_html(report, groups, remedy);
  }
  std::string rest;
  for (std::size_t place = 0; place < groups.size(); ++place) {
    const auto& findings = groups[place].findings;
    const auto beyond = std::find_first_of(findings.begin(), findings.end(), remedy.beyond.begin(),
                                           remedy.beyond.end());
    if (beyond == findings.end()) continue;
    const Rule* const rule = find_rule((*beyond)->id);
    const bool general = groups[place].is_run && rule != nullptr;
    const std::string fix = general ? std::string(rule->fix) : fix_text((*beyond)->fix);
    rest += fmt::format("<li>{}<br>{}</li>\n", link_to_card(place, groups[place]), html_text(fix));
  }
  if (!rest.empty()) {
    html +=
        html_paragraph(sets ? "No sysctl fixes the rest:" : "Nothing to set. What to do instead:");
    html += "<ul>\n" + rest + "</ul>\n";
  }
  return html.empty() ? html : html_heading("What to do", "steps") + html;
}

}  // namespace tuner::render
