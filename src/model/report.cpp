#include "tuner/report.hpp"

#include <algorithm>

namespace tuner {

namespace {

/// Failures first, the worst at the top; then what could not be read, was left out, and passed.
int rank(const Finding& finding) {
  if (finding.status == Status::fail) return 3 - static_cast<int>(finding.severity);
  if (finding.status == Status::unknown) return 4;
  return finding.status == Status::skipped ? 5 : 6;
}

}  // namespace

std::vector<const Finding*> worst_first(const std::vector<Finding>& findings) {
  std::vector<const Finding*> order;
  order.reserve(findings.size());
  for (const Finding& finding : findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(), [](const Finding* left, const Finding* right) {
    return rank(*left) < rank(*right);
  });
  return order;
}

Summary Report::summary() const {
  Summary summary;
  summary.checks = static_cast<int>(findings.size());
  for (const Finding& finding : findings) {
    const bool failed = finding.status == Status::fail;
    summary.pass += finding.status == Status::pass ? 1 : 0;
    summary.fail += failed ? 1 : 0;
    summary.unknown += finding.status == Status::unknown ? 1 : 0;
    summary.skipped += finding.status == Status::skipped ? 1 : 0;
    summary.errors += failed && finding.severity == Severity::error ? 1 : 0;
    summary.warnings += failed && finding.severity == Severity::warning ? 1 : 0;
    summary.infos += failed && finding.severity == Severity::info ? 1 : 0;
    summary.waived += finding.waiver ? 1 : 0;
  }
  return summary;
}

}  // namespace tuner
