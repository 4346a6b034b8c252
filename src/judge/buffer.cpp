#include "judge/buffer.hpp"

#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "judge/needs.hpp"
#include "read/sysctl.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

std::vector<Finding> buffer_findings(const AuditInput& input, BufferNeed PathNeeds::*side) {
  const auto path = input.profile == nullptr ? std::nullopt : input.profile->path_to_peers();
  if (!path) return {};
  const PathNeeds needs = needs_of(*path, input.host);
  const BufferNeed& need = needs.*side;
  const Demand* const demand = demand_on(input, need.key);
  if (demand == nullptr) return {};
  if (!need.running) return {about_key(unknown({}, need.running.error()), need.key, input.host)};
  const std::string state =
      fmt::format("It is enough for about {}: {} of {} at a round trip of {}.",
                  text::decimal_size(need.carries), text::rate(need.limit),
                  text::rate(path->bandwidth), input.profile->input(Quantified::rtt)->written);
  const bool enough =
      needs.beyond_windows ? *need.running >= need.wanted : need.at_most >= needs.bdp;
  if (enough) return {key_passed(need.key, input.host, state)};
  Finding finding = key_failed(Severity::warning, need.key, input.host, state);
  finding.evidence = {
      {.source = "the inputs of the profile",
       .name = "bdp",
       .value = std::to_string(needs.bdp.count()),
       .meaning = fmt::format("bytes in flight on the full path; {}", need.share.because)}};
  if (!need.held_by.empty()) {
    finding.fix = set(need.held_by, "1");
    return {finding};
  }
  // The profile's demand has the last word where it leads upwards.
  const Judgement judgement = judge(*demand, input.host);
  const auto wanted = parse::sysctl_value(judgement.wanted).numbers;
  const bool raises =
      judgement.verdict == Verdict::unmet && !wanted.empty() && Bytes(wanted.back()) >= need.wanted;
  if (!raises && demand->kind != Demand::Kind::at_least) {
    finding.fix = {
        .kind = Fix::Kind::sysctl,
        .text = fmt::format("Raise the maximum of {} to {}: the profile currently forbids it.",
                            need.key, need.wanted.count())};
    return {finding};
  }
  if (!raises) {
    auto numbers = input.host.numbers(need.key).value_or(std::vector<std::int64_t>());
    if (!numbers.empty()) numbers.back() = need.wanted.count();
    finding.fix = set(need.key, text::joined(numbers, " "), "with only a larger maximum");
    return {finding};
  }
  finding.wanted = judgement.wanted;
  finding.fix = set(need.key, judgement.wanted);
  return {finding};
}

}  // namespace tuner::judge
