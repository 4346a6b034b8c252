#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/gauge.hpp"

/// Parts of a page of HTML that needs nothing but itself: nothing is fetched, and its policy says
/// so to the browser. Whatever is text is escaped here; what is called `html` is taken as it is.
namespace tuner::render {

/// How each page of a directory begins, which tells it from anybody else's file.
inline constexpr std::string_view kDirectoryPage =
    "<!DOCTYPE html>\n<html lang=\"en\" data-made-by=\"tuner fleet\">\n";

struct HtmlPage {
  std::string_view title{};
  std::string_view html{};
  std::string_view footer{};
  bool sorts = false;         ///< it has the script that filters and sorts its tables
  bool of_directory = false;  ///< it is one of many in a directory of tuner's
};

/// The whole page.
std::string html_page(const HtmlPage& page);

/// Escaped text that may be broken behind the dots of a key and the slashes of a path.
std::string html_text(std::string_view text);
/// The name of a key, or whatever else stands in its place.
std::string html_key(std::string_view text);
/// A command on a line of its own, which one click selects.
std::string html_command(std::string_view command);
/// A link whose words are HTML; the words alone where it leads nowhere.
std::string html_link(std::string_view address, std::string_view html);

/// "<h2>Findings</h2>", with an anchor where one is given.
std::string html_heading(std::string_view text, std::string_view anchor = "");
/// A paragraph of text, in a class of the style sheet where one is given.
std::string html_paragraph(std::string_view text, std::string_view style = "");
/// The severity in words and colour.
std::string html_severity(Severity severity);
/// A row of a list of terms; empty where there is nothing to say.
std::string html_term(std::string_view name, std::string_view html);

struct HtmlRow {
  std::vector<std::string> cells{};  ///< HTML
  std::string attributes{};          ///< " id=\"x\""
};

/// The columns that are `numbers` stand at the right. One of many rows scrolls in its box.
std::string html_table(const std::vector<std::string>& headings, const std::vector<HtmlRow>& rows,
                       const std::vector<bool>& numbers = {});

/// A bar with its numbers in words, coloured where the end is near.
std::string html_gauge(const Gauge& gauge);

enum class Fold { closed, open };
/// What can be opened: the summary is text.
std::string html_details(std::string_view summary, std::string_view html, Fold fold = Fold::closed);

}  // namespace tuner::render
