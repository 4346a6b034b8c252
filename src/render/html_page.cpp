#include "render/html_page.hpp"

#include <fmt/core.h>

#include "core/text/human.hpp"
#include "render/xml.hpp"

namespace tuner::render {

namespace {

/// The contrast of text is at least 4.5:1 in both schemes (WCAG 2.1, 1.4.3).
constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--back:#fff;--text:#1b1f23;--soft:#57606a;--card:#f6f8fa;--line:#d0d7de;
--error:#a40e26;--warning:#7d4e00;--info:#0550ae;--good:#116329;--bar:#6e7781}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#a3adb8;--card:#161b22;
--line:#30363d;--error:#ff8b80;--warning:#f0b456;--info:#79c0ff;--good:#6fdd8b;--bar:#8b949e}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:60rem;background:var(--back);color:var(--text);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.5rem 0 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .25rem}p{margin:.25rem 0}ul{margin:.25rem 0;padding-left:1.25rem}
code{font-family:ui-monospace,monospace;font-size:.9em}
.soft,footer,th,dt{color:var(--soft)}.verdict{font-size:1.15rem;margin:.75rem 0}
.card{background:var(--card);border:1px solid var(--line);border-left-width:4px;border-radius:4px;
padding:.75rem 1rem;margin:.75rem 0}
.card.error{border-left-color:var(--error)}.card.warning{border-left-color:var(--warning)}
.card.info{border-left-color:var(--info)}
.label{font-weight:600;font-size:.8rem;text-transform:uppercase;letter-spacing:.03em}
.label.error{color:var(--error)}.label.warning{color:var(--warning)}.label.info{color:var(--info)}
.good{color:var(--good)}
dl{margin:.5rem 0 0;display:grid;grid-template-columns:5rem 1fr;gap:.15rem .75rem}
dt,dd{margin:0}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th{overflow-wrap:normal;white-space:nowrap}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums}
.gauge{margin:.6rem 0}.track{height:.6rem;background:var(--card);border:1px solid var(--line);
border-radius:3px;overflow:hidden}
.fill{height:100%;background:var(--bar)}.fill.warning{background:var(--warning)}
.fill.error{background:var(--error)}
summary{cursor:pointer}footer{margin-top:2.5rem;font-size:.85rem}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}thead{display:none}
tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}
td,td.number{display:flex;gap:.75rem;padding:.1rem 0;border:0;text-align:left}td:empty{display:none}
td::before{content:attr(data-name);color:var(--soft);flex:0 0 6rem}}
@media print{:root{color-scheme:light;--back:#fff;--text:#1b1f23;--soft:#57606a;--card:#f6f8fa;--line:#d0d7de;
--error:#a40e26;--warning:#7d4e00;--info:#0550ae;--good:#116329;--bar:#6e7781}
body{max-width:none;padding:0;font-size:11pt}.card,.gauge,tr{break-inside:avoid}
.table{overflow:visible}.fill,.track{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

std::string bar(const Gauge& gauge, std::string_view style) {
  const std::string numbers =
      fmt::format("{} of {} {}", text::grouped(gauge.used), text::grouped(gauge.limit), gauge.unit);
  return fmt::format(
      "<div class=\"gauge\"><div>{} <span class=\"soft\">{}</span></div>"
      "<div class=\"track\" role=\"img\" aria-label=\"{}%\">"
      "<div class=\"fill {}\" style=\"width:{}%\"></div></div></div>\n",
      escaped(gauge.name), escaped(numbers), gauge.percent(), style, gauge.percent());
}

}  // namespace

std::string html_page(std::string_view title, std::string_view html, std::string_view footer) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}</main>\n"
      "<footer>{}</footer>\n</body>\n</html>\n",
      escaped(title), kStyle, html, escaped(footer));
}

std::string html_heading(std::string_view text) {
  return fmt::format("<h2>{}</h2>\n", escaped(text));
}

std::string html_paragraph(std::string_view text, std::string_view style) {
  if (style.empty()) return fmt::format("<p>{}</p>\n", escaped(text));
  return fmt::format("<p class=\"{}\">{}</p>\n", style, escaped(text));
}

std::string html_severity(Severity severity) {
  return fmt::format("<span class=\"label {0}\">{0}</span>", name_of(severity));
}

std::string html_table(const std::vector<std::string>& headings,
                       const std::vector<std::vector<std::string>>& rows,
                       const std::vector<bool>& numbers) {
  const auto kind = [&numbers](std::size_t column) {
    return column < numbers.size() && numbers[column] ? " class=\"number\"" : "";
  };
  std::string text = "<div class=\"table\"><table>\n<thead><tr>";
  for (std::size_t column = 0; column < headings.size(); ++column) {
    text += fmt::format("<th{}>{}</th>", kind(column), escaped(headings[column]));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    text += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += fmt::format("<td{} data-name=\"{}\">{}</td>", kind(column), escaped(headings[column]),
                          row[column]);
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string html_gauge(const Gauge& gauge) {
  const auto severity = gauge.fill();
  return bar(gauge, severity ? name_of(*severity) : "");
}

std::string html_share(const Gauge& gauge) { return bar(gauge, ""); }

std::string html_details(std::string_view summary, std::string_view html) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escaped(summary), html);
}

}  // namespace tuner::render
