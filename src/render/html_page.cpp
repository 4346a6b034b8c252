#include "render/html_page.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/gauges.hpp"
#include "render/html_style.hpp"
#include "render/xml.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

bool is_blank(char character) { return character == ' ' || character == '\n'; }

/// A word that a column need not be as wide as, since it means something in pieces too.
std::string long_word(std::string_view word) {
  constexpr std::size_t kLong = 24;
  if (word.size() <= kLong) return escaped(word);
  return fmt::format("<span class=\"long\">{}</span>", escaped(word));
}

/// Keys may be broken behind their dots, paths behind their slashes.
std::string breakable(std::string_view word) {
  const bool key = word.find("net.") != word.npos || word.find("fs.") != word.npos ||
                   word.find("kernel.") != word.npos || word.find("vm.") != word.npos;
  const char mark = key ? '.' : '/';
  if (!key && word.find(mark) == word.npos) return long_word(word);
  std::string html;
  std::size_t start = 0;
  for (std::size_t at = 0; at + 1 < word.size(); ++at) {
    if (word[at] != mark || at == start) continue;  // nothing is gained in front of the first part
    const std::string_view part = word.substr(start, at + 1 - start);
    html += (key ? escaped(part) : long_word(part)) + "<wbr>";
    start = at + 1;
  }
  return html + (key ? escaped(word.substr(start)) : long_word(word.substr(start)));
}

std::string policy_of(const HtmlPage& page) {
  return fmt::format(
      "default-src 'none'; style-src 'unsafe-inline'; {}base-uri 'none'; form-action 'none'",
      page.sorts ? fmt::format("script-src '{}'; ", kHtmlScriptHash) : std::string());
}

}  // namespace

std::string html_page(const HtmlPage& page) {
  return fmt::format(
      "{}<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}</main>\n"
      "<footer>{}</footer>\n{}</body>\n</html>\n",
      page.of_directory ? kDirectoryPage : "<!DOCTYPE html>\n<html lang=\"en\">\n", policy_of(page),
      escaped(page.title), kHtmlStyle, page.html, escaped(page.footer),
      page.sorts ? fmt::format("<script>{}</script>\n", kHtmlScript) : std::string());
}

std::string html_text(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const auto blank = std::find_if(text.begin(), text.end(), is_blank);
    const auto length = static_cast<std::size_t>(blank - text.begin());
    html += breakable(text.substr(0, length));
    const auto next = std::min(length + 1, text.size());
    html += escaped(text.substr(length, next - length));
    text.remove_prefix(next);
  }
  return html;
}

std::string html_key(std::string_view text) {
  return fmt::format("<code class=\"key\">{}</code>", html_text(text));
}

std::string html_command(std::string_view command) {
  return fmt::format("<pre>{}</pre>\n", escaped(command));
}

std::string html_link(std::string_view address, std::string_view html) {
  if (address.empty()) return std::string(html);
  return fmt::format("<a href=\"{}\">{}</a>", escaped(address), html);
}

std::string html_heading(std::string_view text, std::string_view anchor) {
  if (anchor.empty()) return fmt::format("<h2>{}</h2>\n", escaped(text));
  return fmt::format("<h2 id=\"{}\">{}</h2>\n", anchor, escaped(text));
}

std::string html_paragraph(std::string_view text, std::string_view style) {
  if (style.empty()) return fmt::format("<p>{}</p>\n", html_text(text));
  return fmt::format("<p class=\"{}\">{}</p>\n", style, html_text(text));
}

std::string html_severity(Severity severity) {
  return fmt::format("<span class=\"label {}\">{}</span>", severity_name(severity),
                     severity_word(severity));
}

std::string html_term(std::string_view name, std::string_view html) {
  return html.empty() ? std::string() : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string html_table(const std::vector<std::string>& headings, const std::vector<HtmlRow>& rows,
                       const std::vector<bool>& numbers) {
  constexpr std::size_t kTall = 40;
  const auto kind = [&numbers](std::size_t column) {
    return column < numbers.size() && numbers[column] ? " class=\"number\"" : "";
  };
  std::string text = fmt::format("<div class=\"table{}\"><table>\n<thead><tr>",
                                 rows.size() > kTall ? " tall" : "");
  for (std::size_t column = 0; column < headings.size(); ++column) {
    text += fmt::format("<th scope=\"col\"{}>{}</th>", kind(column), escaped(headings[column]));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const HtmlRow& row : rows) {
    text.append("<tr").append(row.attributes).append(">");
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
      text.append("<td").append(kind(column)).append(">").append(row.cells[column]);
      text += "</td>";
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string html_gauge(const Gauge& gauge) {
  const auto severity = fill_of(gauge);
  const std::string numbers =
      fmt::format("{} of {} {}", text::grouped(gauge.used), text::grouped(gauge.limit), gauge.unit);
  return fmt::format(
      "<div class=\"gauge\"><div>{} <span class=\"soft\">{}</span></div>"
      "<div class=\"track\" role=\"img\" aria-label=\"{}%\">"
      "<div class=\"fill {}\" style=\"width:{}%\"></div></div></div>\n",
      html_text(gauge.name), escaped(numbers), gauge.percent(),
      severity ? severity_name(*severity) : "", gauge.percent());
}

std::string html_details(std::string_view summary, std::string_view html, Fold fold) {
  return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n",
                     fold == Fold::open ? " open" : "", html_text(summary), html);
}

}  // namespace tuner::render
