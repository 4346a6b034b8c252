#include "judge/value_faults.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "judge/check.hpp"
#include "judge/demand.hpp"
#include "read/sysctl.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

/// The rules that judge values by themselves, whatever was counted.
constexpr std::array<std::string_view, 9> kOnValues = {
    "contradictory-settings", "folklore-setting",           "tcp-max-tw-buckets-lowered",
    "tcp-mem-in-bytes",       "tcp-tw-recycle-enabled",     "tcp-tw-reuse-without-timestamps",
    "timestamps-off",         "value-below-kernel-default", "window-scaling-off"};

}  // namespace

std::vector<Finding> value_faults(const HostSnapshot& host) {
  std::vector<Finding> faults;
  for (const std::string_view id : kOnValues) {
    for (Finding& fault : find_rule(id)->check({.host = host})) {
      if (fault.status != Status::fail || !fault.key || fault.severity == Severity::info) continue;
      fault.id = id;
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
