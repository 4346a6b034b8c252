#include "judge/since.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "judge/check.hpp"

namespace tuner::judge {

namespace {

using Name = std::pair<std::string_view, std::string_view>;

bool is_unknown(const std::vector<Finding>& findings, const FormerFinding& former) {
  return std::any_of(findings.begin(), findings.end(), [&former](const Finding& finding) {
    return finding.status == Status::unknown && finding.id == former.id &&
           (finding.subject.empty() || finding.subject == former.subject);
  });
}

}  // namespace

Since since(const std::vector<Finding>& findings, const FormerAudit& former) {
  std::map<Name, int> before;
  for (const FormerFinding& failure : former.failures) ++before[{failure.id, failure.subject}];
  Since result;
  for (const Finding* const finding : worst_first(findings)) {
    if (finding->status != Status::fail) continue;
    const auto found = before.find({finding->id, finding->subject});
    if (found == before.end() || found->second == 0) {
      result.appeared.push_back(finding);
      continue;
    }
    --found->second;
    ++result.stayed;
  }
  for (const FormerFinding& failure : former.failures) {
    int& left = before[{failure.id, failure.subject}];
    if (left == 0) continue;
    --left;
    if (!is_unknown(findings, failure)) result.gone.push_back(failure);
  }
  return result;
}

}  // namespace tuner::judge
