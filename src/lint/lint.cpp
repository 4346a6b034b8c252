#include "lint/lint.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "lint/file.hpp"
#include "model/number.hpp"
#include "text/suggest.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace lint {

namespace {

LintFinding about(const FileSetting& setting, std::string_view id, Severity severity,
                  std::string message) {
  return {.id = std::string(id),
          .severity = severity,
          .subject = setting.key,
          .key = setting.key,
          .value = std::string(setting.value),
          .line = setting.number,
          .message = std::move(message),
          .text = shown_line(setting.line)};
}

/// Whether an allowance means a finding: by its name, or by the myth that it carries.
bool covers(const Allowance& allowance, const LintFinding& finding) {
  if (allowance.reason.empty()) return false;
  return allowance.name == finding.id || allowance.name == finding.id + ':' + finding.subject;
}

LintFinding about(const Allowance& allowance, Severity severity, std::string message) {
  return {.id = "allowance-unused",
          .severity = severity,
          .subject = allowance.name,
          .line = allowance.line,
          .end_column = static_cast<int>(allowance.text.size()) + 1,
          .message = std::move(message),
          .text = shown_line(allowance.text)};
}

std::string hint(const Allowance& allowance) {
  std::vector<std::string_view> names;
  const auto all = all_lint_names();
  names.reserve(all.size());
  for (const LintName& name : all) names.push_back(name.id);
  const std::string_view plain =
      std::string_view(allowance.name).substr(0, allowance.name.find(':'));
  if (std::find(names.begin(), names.end(), plain) != names.end()) return "Remove the comment.";
  return did_you_mean(plain, names);
}

/// Columns are found as bytes, and told as characters.
void count_characters(LintFinding& finding) {
  const auto characters_before = [&finding](int column) {
    const auto bytes = std::min(finding.text.size(), static_cast<std::size_t>(column) - 1);
    return static_cast<int>(std::count_if(
        finding.text.begin(), finding.text.begin() + static_cast<std::ptrdiff_t>(bytes),
        [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }));
  };
  const int skipped = characters_before(finding.column);
  finding.end_column = std::max(finding.column - skipped + 1,
                                finding.end_column - characters_before(finding.end_column));
  finding.column -= skipped;
}

/// Findings that came from elsewhere know their line, and not what stands there.
void join(std::vector<LintFinding> also, std::string_view text, FileView& file) {
  if (also.empty()) return;
  const auto lines = parse::lines(text);
  for (LintFinding& finding : also) {
    const auto index = static_cast<std::size_t>(finding.line) - 1;
    if (index < lines.size()) finding.text = shown_line(lines[index]);
    finding.end_column = static_cast<int>(finding.text.size()) + 1;
    file.findings.push_back(std::move(finding));
  }
}

void apply(FileView& file) {
  // Allowances stand in the order of the lines that they are for; those without one come last.
  for (LintFinding& finding : file.findings) {
    auto allowance = std::partition_point(
        file.allowances.begin(), file.allowances.end(),
        [&finding](const Allowance& one) { return one.target != 0 && one.target < finding.line; });
    for (; allowance != file.allowances.end() && allowance->target == finding.line; ++allowance) {
      if (finding.allowed || !covers(*allowance, finding)) continue;
      finding.allowed = allowance->reason;
      allowance->used = true;
    }
  }
  for (const Allowance& allowance : file.allowances) {
    if (allowance.used) continue;
    LintFinding finding =
        allowance.reason.empty()
            ? about(allowance, Severity::warning, "It has no effect: a reason is missing.")
            : about(allowance, Severity::info,
                    "It allows a finding that the next line does not have.");
    finding.fix = allowance.reason.empty() ? "Write # tuner: allow NAME reason." : hint(allowance);
    file.findings.push_back(std::move(finding));
  }
}

}  // namespace

LintFinding on_value(const FileSetting& setting, std::string_view id, Severity severity,
                     std::string message) {
  LintFinding finding = about(setting, id, severity, std::move(message));
  finding.column = setting.value_column;
  finding.end_column = setting.value_column + std::max(1, static_cast<int>(setting.value.size()));
  return finding;
}

LintFinding on_key(const FileSetting& setting, std::string_view id, Severity severity,
                   std::string message) {
  LintFinding finding = about(setting, id, severity, std::move(message));
  finding.column = setting.key_column;
  const auto key = setting.line.substr(static_cast<std::size_t>(setting.key_column) - 1);
  const auto length = std::min(key.find_first_of(" \t="), key.size());
  finding.end_column = finding.column + std::max(1, static_cast<int>(length));
  return finding;
}

}  // namespace lint

Linter::Linter(const HostSnapshot& target) : target_(std::make_shared<HostSnapshot>(target)) {}

const Linter::Known& Linter::known(std::string_view key) {
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  Known known{.fact = find_fact(key)};
  if (known.fact == nullptr) known.meant = lint::likely_meant(key);
  if (known.fact != nullptr) {
    known.range = judge::widest_range(*known.fact, *target_);
    if (known.fact->default_rule != nullptr) {
      HostTraits traits = target_->traits();
      known.expected = known.fact->default_rule(traits);
      traits.memory.reset();
      known.follows_memory = known.expected != known.fact->default_rule(traits);
    }
  }
  return known_.emplace(key, std::move(known)).first->second;
}

LintResult Linter::lint(std::string_view text, std::vector<LintFinding> also) {
  // What is remembered must not grow with the files.
  constexpr std::size_t kMost = 4096;
  if (known_.size() > kMost) known_.clear();
  lint::FileView file = lint::read(text, *this);
  lint::check_keys(file, *this);
  lint::check_values(file, *this);
  lint::check_folklore(file, *this);
  lint::check_together(file, *this);
  lint::join(std::move(also), text, file);
  lint::apply(file);
  for (LintFinding& finding : file.findings) lint::count_characters(finding);
  std::stable_sort(
      file.findings.begin(), file.findings.end(),
      [](const LintFinding& left, const LintFinding& right) { return left.line < right.line; });
  const auto settings = std::count_if(file.settings.begin(), file.settings.end(),
                                      [](const auto& setting) { return !setting.excludes; });
  return {.findings = std::move(file.findings), .settings = static_cast<int>(settings)};
}

HostSnapshot lint_target(KernelRelease kernel, std::optional<PageSize> page_size) {
  HostSnapshot target;
  target.kernel = std::move(kernel);
  if (page_size) target.page_size = *page_size;
  constexpr std::int64_t kMemory = std::int64_t{16} << 30;
  target.memory = Bytes(kMemory);
  target.architecture = "x86_64";
  return target;
}

}  // namespace tuner
