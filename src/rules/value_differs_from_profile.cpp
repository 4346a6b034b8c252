#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::value_differs_from_profile {

namespace {

/// What untouched and never ask of these keys has a name of its own.
bool has_own_rule(const Finding& finding) {
  return finding.subject == "net.ipv4.tcp_mem" || finding.subject == "net.ipv4.udp_mem" ||
         finding.subject == "net.ipv4.tcp_tw_recycle";
}

std::vector<Finding> check(const AuditInput& input) {
  using Kind = Demand::Kind;
  auto findings = judge::findings_of_kinds(input, {Kind::exactly, Kind::at_most, Kind::one_of});
  for (Finding& finding : judge::findings_of_kinds(input, {Kind::untouched, Kind::never})) {
    if (!has_own_rule(finding)) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "value-differs-from-profile",
    .what = "A value is not what the profile asks for.",
    .why = "The profile gives a reason for each value: tuner profile show NAME.",
    .fix = "Set the value that the profile asks for.",
    .source = "the profile",
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::value_differs_from_profile
