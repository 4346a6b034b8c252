#include "judge/advice.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/myths.hpp"
#include "text/joined.hpp"

namespace tuner::judge {

namespace {

bool is_about(const Demand& demand, const Fact& fact) {
  if (fact.scope == Scope::process) return demand.area == Area::limit;
  return demand.area == Area::sysctl && demand.fact == &fact;
}

/// "any, 131072 B, 16MiB" for a vector, of which the first element is left alone.
std::string amount_of(const Demand& demand) {
  if (demand.elements.size() < 2) return demand.written;
  std::vector<std::string> parts;
  for (const std::string& element : demand.elements)
    parts.push_back(element == "-" ? "any" : element);
  return text::joined(parts, ", ");
}

/// "at least 65536".
std::string wish_of(const Demand& demand) {
  switch (demand.kind) {
    case Demand::Kind::untouched:
      return "to leave it alone";
    case Demand::Kind::never:
      return "never to set it";
    case Demand::Kind::at_least:
      return "at least " + amount_of(demand);
    case Demand::Kind::at_most:
      return "at most " + amount_of(demand);
    case Demand::Kind::covers:
    case Demand::Kind::exactly:
    case Demand::Kind::one_of:
      break;
  }
  return amount_of(demand);
}

/// The same wish of several profiles, which mostly include one another.
struct Wish {
  std::string text{};
  std::vector<std::string> profiles{};
};

/// "Profiles ask for: base, proxy at least 4096; toast-2015 at least 1024." and the reason of the
/// first.
std::string by_profiles(const Fact& fact, std::span<const Profile> profiles) {
  std::vector<Wish> wishes;
  std::string why;
  for (const Profile& profile : profiles) {
    for (const Demand& demand : profile.demands) {
      if (!is_about(demand, fact)) continue;
      const std::string text = wish_of(demand);
      auto same = std::find_if(wishes.begin(), wishes.end(),
                               [&text](const Wish& wish) { return wish.text == text; });
      if (same == wishes.end()) same = wishes.insert(wishes.end(), Wish{.text = text});
      same->profiles.push_back(profile.name);
      if (why.empty()) why = demand.why;
    }
  }
  std::vector<std::string> parts;
  parts.reserve(wishes.size());
  for (const Wish& wish : wishes) {
    parts.push_back(text::joined(wish.profiles, ", ") + ' ' + wish.text);
  }
  if (parts.empty()) return {};
  return fmt::format("Profiles ask for: {}. {}.", text::joined(parts, "; "), why);
}

}  // namespace

std::string advice_on(const Fact& fact, std::span<const Profile> profiles) {
  if (!fact.removed.empty()) {
    return fmt::format("Remove it from the sysctl files: Linux {} removed it.", fact.removed);
  }
  if (fact.without_effect_since > KernelVersion{}) {
    return "Remove it from the sysctl files: the kernel does not use it.";
  }
  if (fact.write == Write::read_only) return "It is a status value and cannot be set.";
  if (fact.write == Write::never) {
    return fmt::format("Leave it alone; tuner never writes it. {}", first_note(fact));
  }
  std::string advice = by_profiles(fact, profiles);
  const auto myths = judge::myths();
  const auto myth = std::find_if(myths.begin(), myths.end(),
                                 [&fact](const Myth& one) { return one.key == fact.key; });
  if (myth != myths.end()) {
    advice += fmt::format("{}Often misunderstood: {}.", advice.empty() ? "" : " ", myth->truth);
  }
  if (!advice.empty()) return advice;
  return "Leave it at the kernel's default, unless a finding of tuner audit names it.";
}

}  // namespace tuner::judge
