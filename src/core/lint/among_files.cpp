#include "tuner/boot.hpp"
#include "tuner/lint.hpp"

namespace tuner {

namespace {

constexpr std::string_view kTakeOut = "Take the line out";  // so each such fix begins

/// Whether another line decides at boot, so that this one of a vendor's does nothing.
bool is_overruled(const BootView& view, const std::string& file, const LintFinding& finding) {
  const BootValue* const winner = view.at_boot(finding.key);
  return winner != nullptr && (winner->file != file || winner->line != finding.line);
}

}  // namespace

void fit_to_host(const BootView& view, const std::string& file, LintResult& result) {
  const bool vendor = is_vendor_file(file);
  if (vendor) {
    std::erase_if(result.findings, [&](const LintFinding& finding) {
      return !finding.key.empty() && is_overruled(view, file, finding);
    });
  }
  for (LintFinding& finding : result.findings) {
    if (finding.fix.empty()) continue;
    if (vendor) {
      finding.fix = copy_of_vendor_file(file) + ". In the copy: " + finding.fix;
    } else if (finding.fix.starts_with(kTakeOut) && !finding.key.empty()) {
      const Assignment* const next = decides_without(view, finding.key, file, finding.line);
      if (next == nullptr) continue;
      const std::string outcome =
          next->file + ':' + std::to_string(next->line) + " sets it to " + next->value;
      finding.fix = is_vendor_file(next->file)
                        ? "Write the value that is wanted: without the line, " + outcome + '.'
                        : finding.fix + " Then " + outcome + ": take that out too.";
    }
  }
}

}  // namespace tuner
