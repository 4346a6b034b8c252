#include <fmt/core.h>

#include <algorithm>

#include "boot/lines.hpp"
#include "boot/pattern.hpp"
#include "lint/file.hpp"
#include "lint/outcome.hpp"
#include "model/number.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::lint {

namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kMark = "\xef\xbb\xbf";

bool is_plain_key_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
         character == '_' || character == '.' || character == '-' || character == '/' ||
         character == '*' || (character >= 'A' && character <= 'Z');
}

bool is_plain_value_character(char character) { return character >= ' ' && character <= '~'; }

/// Reads the lines of one file.
class Reading {
 public:
  Reading(std::string_view text, Linter& linter) : text_(text), linter_(linter) {}

  FileView run() && {
    if (text_.starts_with(kMark)) {
      add(line_finding(
          "file-form", Severity::error, text_.substr(0, text_.find('\n')), 1,
          "The file starts with a byte order mark, which becomes part of the first line."));
    }
    if (const OtherForm other = other_form(text_); !other.name.empty()) {
      number_ = other.number;
      LintFinding finding = line_finding("not-a-sysctl-file", Severity::error, other.line, 1,
                                         fmt::format("This is {}, not a sysctl file.", other.name));
      finding.fix =
          "Lint what is generated from it: pipe that to tuner lint -, or lint the resulting host "
          "with tuner lint --root.";
      add(std::move(finding));
      return std::move(file_);
    }
    for (std::size_t start = 0; start < text_.size(); ++number_) {
      const auto newline = std::min(text_.find('\n', start), text_.size());
      take(text_.substr(start, newline - start));
      start = newline + 1;
    }
    for (std::size_t index = 0; index < file_.settings.size(); ++index) {
      const FileSetting& setting = file_.settings[index];
      if (!setting.excludes) file_.last.insert_or_assign(setting.key, index);
    }
    return std::move(file_);
  }

 private:
  void add(LintFinding finding) { file_.findings.push_back(std::move(finding)); }

  LintFinding line_finding(std::string_view id, Severity severity, std::string_view line,
                           int column, std::string message) const {
    const auto end = line.find_last_not_of(" \t\r") + 1;
    return {.id = std::string(id),
            .severity = severity,
            .line = number_,
            .column = column,
            .end_column = std::max(column + 1, static_cast<int>(end) + 1),
            .message = std::move(message),
            .text = shown_line(line)};
  }

  void take(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);  // all readers take that for a line end
    const auto first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos || is_template_statement(line.substr(first))) {
      comment_ = {};
    } else if (line[first] == '#') {
      take_comment(line, line.substr(first + 1));
    } else if (!take_plain(line, first)) {
      take_odd(line);
    }
  }

  void take_comment(std::string_view line, std::string_view comment) {
    constexpr std::string_view kAllow = "tuner: allow";
    comment.remove_prefix(std::min(comment.find_first_not_of(kBlanks), comment.size()));
    if (!comment.starts_with(kAllow)) {
      // Lines of comment follow one another in the text: one view takes in all of them.
      const char* const first = comment_.empty() ? comment.data() : comment_.data();
      comment_ = {first, static_cast<std::size_t>(comment.data() + comment.size() - first)};
      return;
    }
    const std::string_view rest = parse::trim(comment.substr(kAllow.size()));
    const auto end = std::min(rest.find_first_of(kBlanks), rest.size());
    file_.allowances.push_back({.name = std::string(rest.substr(0, end)),
                                .reason = std::string(parse::trim(rest.substr(end))),
                                .line = number_,
                                .text = line});
  }

  /// "key = value" in the form that all readers read alike; false for any other line.
  bool take_plain(std::string_view line, std::size_t first) {
    constexpr std::size_t kUsual = 4000;
    if (line.size() > kUsual || line[first] == ';' || line[first] == '-') return false;
    std::size_t end = first;
    while (end < line.size() && is_plain_key_character(line[end])) ++end;
    const std::string_view key = line.substr(first, end - first);
    const auto equals = std::min(line.find_first_not_of(kBlanks, end), line.size());
    if (equals == line.size() || line[equals] != '=' || !is_plain_key(key)) return false;
    const auto begin = std::min(line.find_first_not_of(kBlanks, equals + 1), line.size());
    const std::string_view value = line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
    const bool plain = std::all_of(value.begin(), value.end(), [](char character) {
      return is_plain_value_character(character) || character == '\t';
    });
    if (!plain) return false;
    FileSetting setting{.value = std::string(value),
                        .line = line,
                        .number = number_,
                        .key_column = static_cast<int>(first) + 1,
                        .value_column = static_cast<int>(begin) + 1};
    setting.key = key.find('/') == std::string_view::npos ? std::string(key) : dotted(key);
    keep(std::move(setting));
    return true;
  }

  static bool is_plain_key(std::string_view key) {
    const auto is_separator = [](char character) { return character == '.' || character == '/'; };
    if (key.empty() || is_separator(key.front()) || is_separator(key.back())) return false;
    return std::adjacent_find(key.begin(), key.end(), [&](char left, char right) {
             return is_separator(left) && is_separator(right);
           }) == key.end();
  }

  static std::string dotted(std::string_view key) {
    const auto known = SysctlKey::parse(key);
    return known ? known->text() : std::string(key);
  }

  /// The comments since the last setting are for this line.
  void take_allowances() {
    for (; waiting_ < file_.allowances.size(); ++waiting_) {
      file_.allowances[waiting_].target = number_;
    }
  }

  /// Jinja, ERB and shell: what stands there is not the value.
  static bool is_templated(std::string_view value) {
    return value.find("{{") != std::string_view::npos ||
           value.find("${") != std::string_view::npos ||
           value.find("<%") != std::string_view::npos || value.find("{%") != std::string_view::npos;
  }

  static bool is_template_statement(std::string_view line) {
    return line.starts_with("{%") || line.starts_with("<%") || line.starts_with("{#");
  }

  void keep(FileSetting setting) {
    setting.comment = comment_;
    setting.templated = is_templated(setting.value);
    comment_ = {};
    setting.known = &linter_.known(setting.key);
    take_allowances();
    file_.settings.push_back(std::move(setting));
  }

  void take_odd(std::string_view line) {
    take_allowances();
    const auto outcomes = outcomes_of(line);
    if (outcomes.size() > 1) say_differing(line, outcomes);
    for (const boot::SettingLine& one : most_likely(outcomes).lines) {
      take_understood(line, one, outcomes.size() == 1);
    }
    comment_ = {};
  }

  void take_understood(std::string_view line, const boot::SettingLine& one, bool agreed) {
    using Kind = boot::SettingLine::Kind;
    const int column = static_cast<int>(std::min(line.find_first_not_of(kBlanks), line.size())) + 1;
    if (one.kind == Kind::malformed) {
      if (!agreed) return;
      LintFinding finding = line_finding("line-malformed", Severity::error, line, column,
                                         "It has no \"=\" and sets nothing.");
      finding.fix = "Write \"key = value\", or begin the line with #.";
      return add(std::move(finding));
    }
    if (one.kind == Kind::exclusion && boot::is_pattern(one.path)) say_pattern(line, column);
    if (leads_up(one.path)) {
      return add(line_finding("readers-differ", Severity::warning, line, column,
                              "systemd-sysctl refuses \"..\"; procps follows it."));
    }
    say_braces(line, column, one.path);
    const auto equals = std::min(line.find('='), line.size());
    const auto begin = std::min(line.find_first_not_of(kBlanks, equals + 1), line.size());
    FileSetting setting{.value = one.value,
                        .line = line,
                        .number = number_,
                        .key_column = column,
                        .value_column = static_cast<int>(begin) + 1,
                        .excludes = one.kind == Kind::exclusion};
    const auto key = SysctlKey::from_path(one.path);
    setting.key = key ? key->text() : one.path;
    keep(std::move(setting));
  }

  static bool leads_up(std::string_view path) {
    return path == ".." || path.starts_with("../") || path.ends_with("/..") ||
           path.find("/../") != std::string_view::npos;
  }

  void say_braces(std::string_view line, int column, const std::string& path) {
    if (boot::braces(path).size() < 2) return;
    LintFinding finding = boot::is_pattern(path)
                              ? line_finding("readers-differ", Severity::warning, line, column,
                                             "systemd-sysctl expands the braces; procps does not.")
                              : line_finding("key-unknown", Severity::error, line, column,
                                             "Braces alone are not a pattern: it sets nothing.");
    finding.fix = "Write a line for each alternative.";
    add(std::move(finding));
  }

  void say_pattern(std::string_view line, int column) {
    LintFinding finding = line_finding(
        "readers-differ", Severity::warning, line, column,
        "procps 4.0.7 excludes all that it matches from patterns; the others take it as one name.");
    finding.fix = "Name each key to exclude.";
    add(std::move(finding));
  }

  void say_differing(std::string_view line, const std::vector<LineOutcome>& outcomes) {
    const int column = static_cast<int>(std::min(line.find_first_not_of(kBlanks), line.size())) + 1;
    LintFinding finding = line_finding("readers-differ", Severity::warning, line, column,
                                       outcomes_text(outcomes) + '.');
    finding.fix = line.find(';') == static_cast<std::size_t>(column - 1)
                      ? "Begin comments with #."
                      : "Write it in the form that all readers treat alike: key = value.";
    add(std::move(finding));
  }

  std::string_view text_;
  Linter& linter_;
  FileView file_{};
  std::string_view comment_{};
  std::size_t waiting_ = 0;  ///< the first allowance that has no line yet
  int number_ = 1;
};

}  // namespace

FileView read(std::string_view text, Linter& linter) { return Reading(text, linter).run(); }

std::string shown_line(std::string_view line) {
  constexpr std::size_t kEnough = 120;
  return std::string(line.substr(0, kEnough)) + (line.size() > kEnough ? "..." : "");
}

const FileSetting* FileView::find(std::string_view key) const {
  const auto found = last.find(key);
  return found == last.end() ? nullptr : &settings[found->second];
}

}  // namespace tuner::lint
