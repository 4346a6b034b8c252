#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/fact.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::key_removed_from_kernel {

namespace {

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const auto& judgement : judge::judgements_with(input, judge::Verdict::removed_from_kernel)) {
    Finding finding = judge::finding_of(judgement, input.host, Severity::error);
    const Fact& fact = *judgement.demand->fact;
    finding.wanted = judgement.demand->written;
    if (!fact.notes.empty()) finding.why = std::string(first_note(fact));
    finding.source = fact.source;
    finding.fix = {.kind = Fix::Kind::none,
                   .text = fmt::format("Remove {} from {}.", fact.key, judgement.demand->file)};
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "key-removed-from-kernel",
    .what = "The profile sets a key that the kernel no longer has.",
    .why = "The key does nothing: sysctl -p fails on it, and systemd-sysctl ignores it silently.",
    .fix = "Remove it from the profile.",
    .source = "the tables of 41 kernel trees from 3.10 to 6.19: tuner explain KEY",
    .check = check,
};

}  // namespace tuner::rules::key_removed_from_kernel
