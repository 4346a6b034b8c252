#include "judge/congestion.hpp"

#include <algorithm>
#include <set>

#include "model/number.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

bool lists(const Observed<SysctlValue>& names, std::string_view name) {
  if (!names) return false;
  const auto words = parse::words(names->text);
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace

Offer congestion_offer(std::string_view name, const HostSnapshot& host) {
  if (host.network_namespace == NetworkNamespace::child) {
    const auto& allowed = host.sysctl(kAllowedControls);
    if (!allowed) return Offer::unknown;
    return lists(allowed, name) ? Offer::available : Offer::not_allowed;
  }
  if (lists(host.sysctl(kAvailableControls), name)) return Offer::available;
  if (!host.congestion_modules) return Offer::unknown;
  const auto& modules = *host.congestion_modules;
  const bool module = std::find(modules.begin(), modules.end(), name) != modules.end();
  return module ? Offer::loadable : Offer::missing;
}

const std::string* preferred_control(const std::vector<std::string>& names,
                                     const HostSnapshot& host) {
  const std::string* unseen = nullptr;
  for (const std::string& name : names) {
    const Offer offer = congestion_offer(name, host);
    if (is_obtainable(offer)) return &name;
    const bool child = host.network_namespace == NetworkNamespace::child;
    if (offer == Offer::unknown && !child && unseen == nullptr) unseen = &name;
  }
  return unseen;
}

std::vector<std::string> known_controls(const HostSnapshot& host) {
  std::set<std::string> names;
  for (const std::string_view key : {kAvailableControls, kAllowedControls}) {
    const auto& value = host.sysctl(key);
    if (!value) continue;
    for (const std::string_view name : parse::words(value->text)) names.emplace(name);
  }
  if (host.congestion_modules) {
    names.insert(host.congestion_modules->begin(), host.congestion_modules->end());
  }
  return {names.begin(), names.end()};
}

std::string_view offer_text(Offer offer) {
  switch (offer) {
    case Offer::available:
      return "loaded";
    case Offer::loadable:
      return "a module of this kernel, loaded when it is set";
    case Offer::not_allowed:
      return "not allowed in this namespace";
    case Offer::missing:
      return "not among the modules of this kernel";
    case Offer::unknown:
      break;
  }
  return "not loaded, and the modules of this kernel cannot be seen";
}

}  // namespace tuner::judge
