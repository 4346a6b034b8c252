#include "judge/counted.hpp"

#include <algorithm>

#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "read/proc.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

Observed<std::int64_t> sum_of(const HostSnapshot& host, CounterNames names) {
  std::int64_t total = 0;
  for (const std::string_view name : names) {
    auto number = host.counter(name);
    const bool none = !number && number.error().why == Unread::Why::absent &&
                      (number.error().source == name || counts_ipv6(name));
    if (!number && !none) return number;
    total = sum(total, number.value_or(0));
  }
  return total;
}

Observed<CountedLoss> weigh_counters(const HostSnapshot& host, CounterNames lost,
                                     CounterNames all) {
  const auto bad = sum_of(host, lost);
  if (!bad) return tl::unexpected(bad.error());
  const auto work = sum_of(host, all);
  if (!work) return tl::unexpected(work.error());
  return CountedLoss{.lost = *bad, .all = *work, .severity = weigh(*bad, *work)};
}

Observed<CountedLoss> weigh_families(const HostSnapshot& host,
                                     std::span<const FamilyCounters> families) {
  CountedLoss worst;
  for (const FamilyCounters& family : families) {
    auto loss = weigh_counters(host, {family.lost}, {family.lost, family.done});
    if (!loss) return loss;
    if (worst.all == 0 || loss->severity > worst.severity) worst = *loss;
  }
  return worst;
}

std::int64_t dropped_by_conntrack(const HostSnapshot& host) {
  if (!host.conntrack) return 0;
  return std::max<std::int64_t>(0, host.conntrack->drop - host.conntrack->insert_failed);
}

std::vector<Evidence> evidence_of(const HostSnapshot& host, CounterNames names) {
  std::vector<Evidence> evidence;
  for (const std::string_view name : names) {
    const std::int64_t number = host.counter(name).value_or(0);
    if (number == 0) continue;
    evidence.push_back(counter_evidence(
        name, number, evidence.empty() ? text::counted_since(host) : "in the same time"));
  }
  return evidence;
}

}  // namespace tuner::judge
