#include "judge/flag.hpp"

#include "judge/findings.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

void add_evidence(const Flag& flag, const HostSnapshot& host, Finding& finding) {
  if (flag.evidence.empty()) return;
  if (const auto counter = host.counter(flag.evidence)) {
    finding.evidence = {counter_evidence(flag.evidence, *counter, std::string(flag.meaning))};
  } else if (const auto& other = host.sysctl(std::string(flag.evidence))) {
    finding.evidence = {{.source = "/proc/sys/" + SysctlKey::parse(flag.evidence)->path(),
                         .name = std::string(flag.evidence),
                         .value = other->text,
                         .meaning = std::string(flag.meaning)}};
  }
}

}  // namespace

std::vector<Finding> flag_findings(const Flag& flag, const AuditInput& input) {
  const auto running = input.host.number(flag.key);
  if (!running) {
    if (flag.may_be_absent && running.error().why == Unread::Why::absent) return {};
    return {about_key(unknown(flag.key, running.error()), flag.key, input.host)};
  }
  if ((*running != 0) == flag.wanted) {
    return {key_passed(flag.key, input.host, flag.wanted ? "It is on." : "It is off.")};
  }
  Finding finding = key_failed(flag.severity, flag.key, input.host, std::string(flag.wrong));
  finding.wanted = flag.wanted ? "1" : "0";
  add_evidence(flag, input.host, finding);
  finding.fix = set(flag.key, *finding.wanted);
  return {finding};
}

}  // namespace tuner::judge
