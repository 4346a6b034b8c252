#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::value_below_profile {

namespace {

constexpr const char* kNoFile = "RLIMIT_NOFILE";

std::string in_words(std::optional<std::int64_t> files) {
  return files ? std::to_string(*files) : "unlimited";
}

/// Services keep limits of their own; what can be seen here is what this shell and PID 1 hand on.
Finding judge_limit(const Demand& demand, const HostSnapshot& host) {
  if (!host.own_limit) return judge::unknown(kNoFile, host.own_limit.error());
  if (!demand.formulas.empty()) {
    return judge::unknown(kNoFile, demand.unfitted.value_or(Unread{}));
  }
  const std::int64_t wanted = demand.numbers.front().value_or(0);
  const auto soft = host.own_limit->soft;
  const bool met = !soft || *soft >= wanted;
  Finding finding =
      met ? judge::passed(kNoFile, "It is " + in_words(soft) + ".")
          : judge::failed(
                Severity::warning, kNoFile,
                fmt::format("A process started here may open {} files; the profile asks for {}.",
                            in_words(soft), wanted));
  finding.key = kNoFile;
  finding.running = in_words(soft);
  finding.wanted = std::to_string(wanted);
  finding.unit = "files";
  finding.why = demand.why;
  finding.source = demand.source;
  finding.cost = demand.cost;
  if (met) return finding;
  finding.evidence = {{.source = "/proc/self/limits",
                       .name = "Max open files",
                       .value = in_words(soft) + " " + in_words(host.own_limit->hard),
                       .meaning = "soft and hard limit of tuner's own process"}};
  if (host.init_limit) {
    finding.evidence.push_back(
        {.source = "/proc/1/limits",
         .name = "Max open files",
         .value = in_words(host.init_limit->soft) + " " + in_words(host.init_limit->hard),
         .meaning = "soft and hard limit of PID 1"});
  }
  finding.fix = {.kind = Fix::Kind::limit,
                 .text = fmt::format("LimitNOFILE={} in the unit of each service (apply --service "
                                     "UNIT writes it), then restart the service.",
                                     wanted)};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  auto findings = judge::findings_of_kinds(input, {Demand::Kind::at_least});
  if (input.profile == nullptr) return findings;
  for (const Demand& demand : input.profile->demands) {
    if (demand.area == Area::limit && demand.kind == Demand::Kind::at_least) {
      findings.push_back(judge_limit(demand, input.host));
    }
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "value-below-profile",
    .what = "A value is below what the profile asks for.",
    .why = "The profile gives a reason for each value: tuner profile show NAME.",
    .fix = "Set the value that the profile asks for.",
    .source = "the profile",
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::value_below_profile
