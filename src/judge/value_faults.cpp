#include "judge/value_faults.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/demand.hpp"
#include "read/sysctl.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

std::vector<Finding> value_faults(const HostSnapshot& host) {
  std::vector<Finding> faults;
  for (const Rule* const rule : rules::kAll) {
    if (!rule->judges_values) continue;
    for (Finding& fault : rule->check({.host = host})) {
      if (fault.status != Status::fail || !fault.key || fault.severity == Severity::info) continue;
      fault.id = rule->id;
      faults.push_back(std::move(fault));
    }
  }
  return faults;
}

std::vector<std::string> doubts_about(const Profile& profile, const HostSnapshot& host) {
  HostSnapshot future = host;
  for (const Demand& demand : profile.demands) {
    if (demand.file != kSetOption) continue;
    const auto judgement = judge::judge(demand, host);
    if (judgement.verdict != judge::Verdict::unmet) continue;
    future.set_sysctl(demand.key, parse::sysctl_value(judgement.wanted));
  }
  std::vector<std::string> doubts;
  for (const Finding& fault : value_faults(future)) {
    const bool given =
        std::any_of(profile.demands.begin(), profile.demands.end(), [&fault](const Demand& demand) {
          return demand.file == kSetOption && demand.key == fault.key;
        });
    if (given) doubts.push_back(fmt::format("{}: {}: {}", *fault.key, fault.id, fault.message));
  }
  return doubts;
}

}  // namespace tuner
