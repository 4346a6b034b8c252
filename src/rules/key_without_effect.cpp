#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::key_without_effect {

namespace {

bool is_without_effect(const Fact& fact, const HostSnapshot& host) {
  return fact.without_effect_since > KernelVersion{} && host.kernel &&
         host.kernel->version >= fact.without_effect_since;
}

bool is_default(const Fact& fact, const HostSnapshot& host) {
  const auto running = host.numbers(fact.key);
  if (!running) return true;
  const auto comparison = judge::compare_with_default(fact, *running, host);
  return !comparison.judged || (!comparison.below && !comparison.above);
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const Fact* const fact : all_facts()) {
    if (!is_without_effect(*fact, input.host) || !input.host.sysctl(fact->key)) continue;
    const bool demanded = judge::demand_on(input, fact->key) != nullptr;
    if (is_default(*fact, input.host) && !demanded) {
      findings.push_back(judge::key_passed(fact->key, input.host, "It has its default."));
      continue;
    }
    const auto& since = fact->without_effect_since;
    Finding finding = judge::key_failed(
        Severity::info, fact->key, input.host,
        fmt::format("Nothing has used it since Linux {}.{}.", since.major, since.minor));
    finding.source = fact->source;
    finding.fix = {
        .kind = Fix::Kind::none,
        .text = demanded ? "Remove it from the profile." : "Remove it from the sysctl files."};
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "key-without-effect",
    .what = "A key is set that nothing in this kernel uses.",
    .why =
        "The file is kept for old scripts. Setting it is harmless but useless, and hides that what "
        "was intended does not happen.",
    .fix = "Remove the key from the sysctl files.",
    .source = "the readers of each key in 41 kernel trees from 3.10 to 6.19: tuner explain KEY",
    .check = check,
};

}  // namespace tuner::rules::key_without_effect
