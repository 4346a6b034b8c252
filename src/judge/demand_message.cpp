#include "judge/demand_message.hpp"

#include <fmt/core.h>

#include "judge/congestion.hpp"
#include "judge/findings.hpp"
#include "profile/parse_demand.hpp"
#include "read/measure.hpp"
#include "read/sysctl.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

using Kind = Demand::Kind;

/// The elements that a demand does not like: "Its max is 4194304 bytes (4 MiB)".
std::string state_of(const Judgement& judgement, const SysctlValue& running,
                     const HostSnapshot& host) {
  const Fact& fact = *judgement.demand->fact;
  if (running.numbers.empty()) return fmt::format("It is {}", running.text);
  if (running.numbers.size() == 1) {
    return fact.values.empty()
               ? fmt::format("It is {}", with_size(fact, running.numbers.front(), host))
               : fmt::format("It is {}", with_meaning(fact, running));
  }
  const auto wanted = parse::sysctl_value(judgement.wanted).numbers;
  std::vector<std::string> parts;
  for (std::size_t index = 0; index < running.numbers.size(); ++index) {
    if (index < wanted.size() && wanted[index] == running.numbers[index]) continue;
    parts.push_back(fmt::format("its {} is {}", fact.elements[index],
                                with_size(fact, running.numbers[index], host)));
  }
  std::string text = text::joined(parts, ", ");
  if (!text.empty()) text.front() = 'I';
  return text;
}

/// "16 MiB" for what a profile writes as 16MiB or 16777216 B; a formula stays as it is.
std::string in_one_form(const std::string& element) {
  const auto measure = parse::measure(element);
  const auto* const bytes = measure ? std::get_if<Bytes>(&*measure) : nullptr;
  return bytes == nullptr ? element : text::size(*bytes);
}

/// What the profile asks of those elements: "at least 16 MiB".
std::string wish_of(const Judgement& judgement, const SysctlValue& running) {
  const Demand& demand = *judgement.demand;
  const auto wanted = parse::sysctl_value(judgement.wanted).numbers;
  std::vector<std::string> parts;
  for (std::size_t index = 0; index < demand.elements.size(); ++index) {
    const bool vector = demand.kind != Kind::one_of && index < wanted.size() &&
                        index < running.numbers.size() && demand.elements.size() > 1;
    if (vector && wanted[index] == running.numbers[index]) continue;
    parts.push_back(in_one_form(demand.elements[index]));
  }
  std::string_view relation;
  if (demand.kind == Kind::at_least) relation = "at least ";
  if (demand.kind == Kind::at_most) relation = "at most ";
  return fmt::format("{}{}", relation,
                     text::joined(parts, demand.kind == Kind::one_of ? " or " : ", "));
}

/// Who asks: a profile, or an option of the command line.
std::string asker(const Demand& demand) {
  return demand.file.starts_with("--") ? demand.file : "the profile";
}

std::string unmet_message(const Judgement& judgement, const SysctlValue& running,
                          const HostSnapshot& host) {
  const std::string state = state_of(judgement, running, host);
  if (judgement.demand->kind == Kind::untouched) {
    return state + ", not what this kernel chooses; the profile leaves it alone.";
  }
  if (judgement.demand->kind == Kind::never) return state + "; the profile never allows it.";
  return fmt::format("{}; {} asks for {}.", state, asker(*judgement.demand),
                     wish_of(judgement, running));
}

}  // namespace

std::string message_of(const Judgement& judgement, const HostSnapshot& host) {
  const Demand& demand = *judgement.demand;
  const auto& value = host.sysctl(demand.key);
  switch (judgement.verdict) {
    case Verdict::met:
      return value ? fmt::format("It is {}.", with_meaning(*demand.fact, *value)) : "It is absent.";
    case Verdict::unmet:
      return unmet_message(judgement, value ? *value : SysctlValue{}, host);
    case Verdict::unsound:
      return fmt::format("It is {}; the value that {} asks for cannot be set: {}.",
                         value ? value->text : "absent", asker(demand), judgement.objection);
    case Verdict::unreadable:
      return "It could not be judged: " + unread_text(judgement.reason) + ".";
    case Verdict::condition_not_met:
      return fmt::format("The profile asks for it only if: {}.", condition_text(*demand.when));
    case Verdict::default_unknown:
      return "This kernel's default for it is unknown.";
    case Verdict::removed_from_kernel:
      return fmt::format("Linux {} removed it, but {} sets it.", demand.fact->removed,
                         asker(demand));
    case Verdict::not_in_this_namespace:
      return value ? fmt::format("It is {} for the whole machine: read-only in this namespace.",
                                 value->text)
                   : "It does not exist in this namespace: the machine has one value for all of "
                     "them.";
    case Verdict::not_in_this_kernel:
      return "No such key here: this kernel, a module or an interface lacks it.";
    case Verdict::without_effect:
      return fmt::format("It is {}, and bbr ignores it.", value ? value->text : "absent");
    case Verdict::unobtainable:
      return fmt::format("It is {}; {} asks for {}, which cannot be set here: {}.",
                         value ? value->text : "absent", asker(demand),
                         text::joined(demand.words, " or "),
                         offer_text(congestion_offer(demand.words.front(), host)));
    case Verdict::never_written:
      break;
  }
  return fmt::format("tuner never writes it. {}", first_note(*demand.fact));
}

}  // namespace tuner::judge
