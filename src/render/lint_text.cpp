#include <fmt/core.h>

#include <algorithm>

#include "render/lint.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

constexpr std::size_t kLineIndent = 4;

/// Tabs as blanks, so that the caret stands where it belongs.
std::string shown(std::string_view line) {
  std::string text(line);
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

/// The line with a mark below what the finding is about.
std::string pointed(const LintFinding& finding) {
  const auto width =
      static_cast<int>(std::count_if(finding.text.begin(), finding.text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
      }));
  const int first = std::clamp(finding.column, 1, std::max(1, width));
  const int last = std::clamp(finding.end_column, first + 1, std::max(first + 1, width + 1));
  return fmt::format("{0:{1}}{2}\n{0:{1}}{0:{3}}^{4:~<{5}}\n", "", kLineIndent, shown(finding.text),
                     first - 1, "", last - first - 1);
}

class Text : public LintWriter {
 public:
  explicit Text(Style style) : style_(style) {}

  std::string begin() override { return {}; }

  std::string file(const std::string& path, const LintResult& result) override {
    if (style_.detail == Detail::verdict_only) return {};
    std::string text;
    for (const LintFinding& finding : result.findings) text += finding_text(path, finding);
    return text;
  }

  std::string end(const LintSummary& summary) override {
    const std::string files = text::plural(summary.files, "file", "files");
    const std::string settings = text::plural(summary.settings, "setting", "settings");
    std::string found;
    const auto add = [&found](long count, std::string_view one, std::string_view many) {
      if (count > 0) found += (found.empty() ? "" : ", ") + text::plural(count, one, many);
    };
    add(summary.errors, "error", "errors");
    add(summary.warnings, "warning", "warnings");
    add(summary.infos, "note", "notes");
    add(summary.allowed, "allowed", "allowed");
    if (summary.files == 0) return "Nothing was judged.\n";
    if (found.empty()) found = "Nothing is wrong";
    return wrapped(fmt::format("{}: {} in {}.{}", found, settings, files,
                               summary.errors + summary.warnings + summary.infos > 0
                                   ? " Reasons: -v, or tuner explain NAME."
                                   : ""),
                   0, style_);
  }

 private:
  [[nodiscard]] std::string label(const LintFinding& finding) const {
    if (finding.allowed) return "allowed";
    constexpr std::string_view kColors[] = {"\x1b[36m", "\x1b[33m", "\x1b[31m"};
    std::string name(severity_word(finding.severity));
    if (style_.color == Color::off) return name;
    return fmt::format("{}{}\x1b[0m", kColors[static_cast<std::size_t>(finding.severity)], name);
  }

  [[nodiscard]] std::string finding_text(const std::string& path,
                                         const LintFinding& finding) const {
    std::string text =
        clean(fmt::format("{}:{}:{}: ", path, finding.line, finding.column), style_.charset);
    text += label(finding);
    std::string rest = fmt::format(": {} [{}]\n", finding.message, allowance_name(finding));
    rest += pointed(finding);
    if (finding.allowed) rest += wrapped("Allowed: " + *finding.allowed, kLineIndent, style_);
    if (style_.detail == Detail::everything) {
      rest += wrapped(fmt::format("Why: {}", finding.why_text()), kLineIndent, style_);
      rest += wrapped(fmt::format("Source: {}", finding.source_text()), kLineIndent, style_);
    }
    if (!finding.fix.empty() && !finding.allowed)
      rest += wrapped("Fix: " + finding.fix, kLineIndent, style_);
    return text + clean(rest, style_.charset);
  }

  Style style_;
};

}  // namespace

std::unique_ptr<LintWriter> lint_text(const LintContext& context) {
  return std::make_unique<Text>(context.style);
}

void LintSummary::add(const LintResult& file) {
  ++files;
  settings += file.settings;
  for (const LintFinding& finding : file.findings) {
    long* const counters[] = {&infos, &warnings, &errors};
    ++*(finding.allowed ? &allowed : counters[static_cast<std::size_t>(finding.severity)]);
  }
}

std::string allowance_name(const LintFinding& finding) {
  return finding.id == "folklore-setting" ? finding.id + ':' + finding.subject : finding.id;
}

}  // namespace tuner::render
