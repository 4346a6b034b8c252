#include <doctest/doctest.h>

#include <algorithm>

#include "model/number.hpp"
#include "render/phrases.hpp"
#include "render/style.hpp"

namespace tuner {
namespace {

constexpr std::string_view kSentence =
    "The kernel keeps the port of a connection that this host closed for a minute, so that a "
    "segment that comes late meets nobody else's connection; a client that opens thousands of "
    "connections a second runs out of ports.";

std::string in_columns(std::string_view text, std::size_t columns, std::size_t indent = 0) {
  return render::wrapped(text, indent, {.columns = columns});
}

bool has_line(const std::string& text, std::string_view line) {
  const auto lines = parse::lines(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("a paragraph fills the columns that there are, and no more") {
  for (const std::size_t columns : {40U, 80U, 120U}) {
    const std::string text = in_columns(kSentence, columns, 4);
    const auto lines = parse::lines(text);
    CHECK(lines.size() >= kSentence.size() / columns);
    for (std::size_t index = 0; index < lines.size(); ++index) {
      CHECK(lines[index].size() <= columns);
      CHECK(lines[index].starts_with("    "));
      if (index + 1 == lines.size()) break;
      const std::string_view next = parse::words(lines[index + 1]).front();
      CHECK(lines[index].size() + 1 + next.size() > columns);
    }
    CHECK(parse::words(text) == parse::words(kSentence));
  }
}

TEST_CASE("without wrapping a paragraph is one line") {
  CHECK(in_columns(kSentence, render::kNoWrap) == std::string(kSentence) + '\n');
  CHECK(in_columns("two\nlines ", render::kNoWrap, 2) == "  two lines\n");
  CHECK(in_columns("", render::kNoWrap).empty());
}

TEST_CASE("80 columns are what a style has by itself") {
  CHECK(render::wrapped(kSentence, 0, {}) == in_columns(kSentence, 80));
}

TEST_CASE("columns are characters, not bytes") {
  CHECK(in_columns("\xc3\xa4\xc3\xb6\xc3\xbc abc", 7) == "\xc3\xa4\xc3\xb6\xc3\xbc abc\n");
  CHECK(in_columns("\xc3\xa4\xc3\xb6\xc3\xbc abc", 6) == "\xc3\xa4\xc3\xb6\xc3\xbc\nabc\n");
}

TEST_CASE("a command is not broken, wherever it stands") {
  const std::string waits = "It waits. To keep it: tuner confirm. To undo it: tuner rollback.";
  const std::string fix =
      "Remove the line, or write above it: # tuner: allow folklore-setting:disable_sack REASON.";
  for (std::size_t columns = 10; columns < 100; ++columns) {
    const std::string text = in_columns(waits, columns);
    CHECK(text.find("tuner confirm.") != std::string::npos);
    CHECK(text.find("tuner rollback.") != std::string::npos);
    CHECK(in_columns(fix, columns).find("# tuner: allow folklore-setting:disable_sack REASON.") !=
          std::string::npos);
  }
}

TEST_CASE("what a command is given belongs to it, the sentence around it does not") {
  using Phrases = std::vector<std::string>;
  CHECK(render::phrases("see tuner history 20260131-120000-1a2b, then") ==
        Phrases{"see", "tuner history 20260131-120000-1a2b,", "then"});
  CHECK(render::phrases("all between: tuner rollback --through 20260131-120000-1a2b") ==
        Phrases{"all", "between:", "tuner rollback --through 20260131-120000-1a2b"});
  CHECK(render::phrases("(tuner explain listen-drops) or tuner profile show NAME.") ==
        Phrases{"(tuner explain listen-drops)", "or", "tuner profile show NAME."});
  CHECK(render::phrases("the next tuner recover tries again. Run tuner there.") ==
        Phrases{"the", "next", "tuner recover", "tries", "again.", "Run", "tuner there."});
  CHECK(render::phrases("Reasons: -v, or tuner explain NAME. Nothing") ==
        Phrases{"Reasons:", "-v,", "or", "tuner explain NAME.", "Nothing"});
  CHECK(render::phrases("tuner, the program, tuner") ==
        Phrases{"tuner,", "the", "program,", "tuner"});
  CHECK(render::phrases("# tuner: allow") == Phrases{"# tuner: allow"});
  CHECK(render::phrases("").empty());
}

TEST_CASE("a command stands on a line of its own below its sentence") {
  for (const std::size_t columns : {std::size_t{40}, render::kNoWrap}) {
    const std::string text = render::leading_to("tuner rollback 20260131-120000-1a2b",
                                                "12 keys set and read back, kept in "
                                                "/etc/sysctl.d/90-tuner.conf. To undo it:",
                                                {.columns = columns});
    CHECK(has_line(text, "  tuner rollback 20260131-120000-1a2b"));
  }
}

TEST_CASE("what does not fit beside a name stands below it") {
  CHECK(render::side_by_side("name", "2 of 3 hosts", 8, {.columns = 26}) == "name  2 of 3 hosts\n");
  CHECK(render::side_by_side("name", "2 of 3 hosts", 8, {.columns = 25}) ==
        "name\n        2 of 3 hosts\n");
}

}  // namespace
}  // namespace tuner
