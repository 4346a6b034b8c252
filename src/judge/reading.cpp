#include "judge/reading.hpp"

#include <algorithm>
#include <set>

#include "judge/congestion.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "profile/measured.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"

namespace tuner {

Reading reading_for(const Profile* profile) {
  Reading reading{.sockets = Reading::Sockets::survey, .evidence = true};
  // tcp_ehash_entries is what the default of other keys follows from.
  std::set<std::string_view> keys{"net.ipv4.tcp_ehash_entries"};
  for (const Rule* const rule : rules::kAll) {
    if (rule->about_profile && profile == nullptr) continue;
    keys.insert(rule->reads.begin(), rule->reads.end());
  }
  for (const Fact* const fact : all_facts()) {
    const bool judged = fact->default_rule != nullptr && fact->more == More::is_more_room;
    if (judged || fact->without_effect_since > KernelVersion{}) keys.insert(fact->key);
  }
  const std::vector<Demand> none;
  for (const Demand& demand : profile == nullptr ? none : profile->demands) {
    if (demand.area == Area::sysctl) keys.insert(demand.key);
    for (const Demand* one = &demand; one != nullptr;
         one = one->otherwise.empty() ? nullptr : &one->otherwise.front()) {
      if (one->when && !one->when->key.empty()) keys.insert(one->when->key);
    }
    // What a formula on buffers looks at; see receive_share().
    if (!demand.formulas.empty()) keys.insert("net.ipv4.tcp_adv_win_scale");
    if (demand.key == judge::kCongestionControl) reading.congestion_modules = true;
  }
  reading.keys.assign(keys.begin(), keys.end());
  if (profile != nullptr && waits_for_measurement(*profile)) {
    reading.flows = kWatchToMeasure;
    reading.watch = Reading::Watch::always;
  }
  return reading;
}

Reading plan_reading_for(const Profile& profile) {
  Reading reading = reading_for(&profile);
  reading.evidence = false;
  const bool ports = std::any_of(profile.demands.begin(), profile.demands.end(),
                                 [](const Demand& demand) { return demand.key == kPortRange; });
  reading.sockets = ports ? Reading::Sockets::listening : Reading::Sockets::none;
  return reading;
}

}  // namespace tuner
