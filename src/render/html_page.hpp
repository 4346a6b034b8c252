#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/gauge.hpp"

/// Parts of a page of HTML that needs nothing but itself: no script, and nothing is fetched.
/// Whatever is text is escaped here; what is called `html` is taken as it is.
namespace tuner::render {

/// The whole page. `footer` is text.
std::string html_page(std::string_view title, std::string_view html, std::string_view footer);

/// "<h2>Findings</h2>".
std::string html_heading(std::string_view text);
/// A paragraph of text, in a class of the style sheet where one is given.
std::string html_paragraph(std::string_view text, std::string_view style = "");
/// The severity in words and colour.
std::string html_severity(Severity severity);

/// A table whose cells are HTML. The columns that are `numbers` stand at the right.
std::string html_table(const std::vector<std::string>& headings,
                       const std::vector<std::vector<std::string>>& rows,
                       const std::vector<bool>& numbers = {});

/// A bar with its numbers in words, coloured where the end is near.
std::string html_gauge(const Gauge& gauge);
/// A bar of a part of a whole, which is neither good nor bad.
std::string html_share(const Gauge& gauge);

/// What can be opened: the summary is text.
std::string html_details(std::string_view summary, std::string_view html);

}  // namespace tuner::render
