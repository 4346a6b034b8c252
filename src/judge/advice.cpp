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

/// The formula of a buffer that a path needs, "max(16MiB, receive_buffer(bdp))", as people say it.
std::string in_words(std::string_view formula) {
  static constexpr std::string_view kPath[] = {"receive_buffer(bdp)", "send_buffer(bdp)"};
  static constexpr std::string_view kMax = "max(";
  const auto ends_in_path = [formula](std::string_view path) {
    return formula == path || (formula.starts_with(kMax) && formula.ends_with(')') &&
                               formula.substr(0, formula.size() - 1).ends_with(path));
  };
  const auto* const path = std::find_if(std::begin(kPath), std::end(kPath), ends_in_path);
  if (path == std::end(kPath)) return std::string(formula);
  if (formula == *path) return "what the path needs";
  const std::string_view least = formula.substr(kMax.size(), formula.find(',') - kMax.size());
  return fmt::format("{} or what the path needs", least);
}

/// "initial", where the fact says "default": above it stands what the kernel's default is.
std::string_view name_of(const Fact& fact, std::size_t place) {
  return fact.elements[place] == "default" ? "initial" : fact.elements[place];
}

/// "initial at least 131072 B, max at least 16MiB" for a vector, of which the first element is left
/// alone; where all of a range counts, its value.
std::string amount_of(const Demand& demand, std::string_view bound) {
  if (demand.elements.size() < 2) return std::string(bound).append(demand.written);
  const bool whole = demand.kind == Demand::Kind::covers;
  std::vector<std::string> parts;
  for (std::size_t place = 0; place < demand.elements.size(); ++place) {
    if (demand.elements[place] == "-") continue;
    const bool named = !whole && place < demand.fact->elements.size();
    const std::string amount = in_words(demand.elements[place]);
    parts.push_back(named ? fmt::format("{} {}{}", name_of(*demand.fact, place), bound, amount)
                          : amount);
  }
  return text::joined(parts, whole ? " " : ", ");
}

/// "at least 65536".
std::string wish_of(const Demand& demand) {
  switch (demand.kind) {
    case Demand::Kind::untouched:
      return "to leave it alone";
    case Demand::Kind::never:
      return "never to set it";
    case Demand::Kind::at_least:
      return amount_of(demand, "at least ");
    case Demand::Kind::at_most:
      return amount_of(demand, "at most ");
    case Demand::Kind::covers:
    case Demand::Kind::exactly:
    case Demand::Kind::one_of:
      break;
  }
  return amount_of(demand, {});
}

/// The same wish of several profiles, which mostly include one another.
struct Wish {
  std::string text{};
  std::vector<std::string> profiles{};
};

/// "By profile: base, proxy: at least 4096; toast-2015: at least 1024." and the reason of the
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
    parts.push_back(fmt::format("{}: {}", text::joined(wish.profiles, ", "), wish.text));
  }
  if (parts.empty()) return {};
  return fmt::format("By profile: {}. {}.", text::joined(parts, "; "), why);
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
    advice += fmt::format("{}In fact, {}.", advice.empty() ? "" : " ", myth->truth);
  }
  if (!advice.empty()) return advice;
  return "Leave it at the kernel's default, unless a finding of tuner audit names it.";
}

}  // namespace tuner::judge
