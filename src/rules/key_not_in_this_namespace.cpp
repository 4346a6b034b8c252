#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::key_not_in_this_namespace {

namespace {

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const auto& judgement :
       judge::judgements_with(input, judge::Verdict::not_in_this_namespace)) {
    findings.push_back(judge::finding_of(judgement, input.host, Severity::info));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "key-not-in-this-namespace",
    .what = "The profile sets a machine-wide key, and this is a child network namespace.",
    .why =
        "The machine has one value for all namespaces. It is absent or read-only here, and only "
        "the initial namespace can set it.",
    .fix = "Audit and set it on the host.",
    .source = "net/core/sysctl_net_core.c; measured in unshare -n on 6.18.44, 6.12 and 6.1",
    .check = check,
};

}  // namespace tuner::rules::key_not_in_this_namespace
