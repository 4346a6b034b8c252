#include "judge/demand.hpp"
#include "knowledge/key_name.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/congestion.hpp"
#include "judge/demand_message.hpp"
#include "judge/findings.hpp"
#include "judge/wanted.hpp"
#include "knowledge/kernel_default.hpp"
#include "profile/fit.hpp"
#include "read/port_list.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

using Kind = Demand::Kind;

Judgement compare(Judgement judgement, bool met, std::string wanted) {
  judgement.verdict = met ? Verdict::met : Verdict::unmet;
  judgement.wanted = std::move(wanted);
  return judgement;
}

Judgement unreadable(Judgement judgement, Unread reason) {
  judgement.verdict = Verdict::unreadable;
  judgement.reason = std::move(reason);
  return judgement;
}

/// Nobody gets DCTCP unasked: it is for data centres whose switches mark packets (RFC 8257), and
/// another control there gives up what they were set up for.
constexpr std::string_view kDataCentre = "dctcp";

/// The first word that this host can have; the words stand in the order of preference.
Judgement judge_words(const Demand& demand, const SysctlValue& value, const HostSnapshot& host) {
  const bool met =
      std::find(demand.words.begin(), demand.words.end(), value.text) != demand.words.end() ||
      (demand.key == kCongestionControl && value.text == kDataCentre);
  if (met) return compare({.demand = &demand}, true, value.text);
  if (demand.key != kCongestionControl) {
    return compare({.demand = &demand}, false, demand.words.front());
  }
  const std::string* const choice = preferred_control(demand.words, host);
  if (choice != nullptr) return compare({.demand = &demand}, false, *choice);
  return {.demand = &demand, .verdict = Verdict::unobtainable};
}

/// A key with a single number, held against a list of them.
Judgement judge_choice(const Demand& demand, std::int64_t running, const HostSnapshot& host) {
  std::optional<std::int64_t> first;
  for (const auto& choice : demand.numbers) {
    const auto number = choice ? in_key_unit(demand, *choice, host) : std::nullopt;
    if (!number) return unreadable({.demand = &demand}, host.page_size.error());
    if (*number == running) return compare({.demand = &demand}, true, std::to_string(running));
    if (!first) first = number;
  }
  return compare({.demand = &demand}, false, std::to_string(*first));
}

/// Two numbers that the kernel prints for a range of ports, whatever a captured tree says.
bool is_port_range(const std::vector<std::int64_t>& numbers) {
  return 0 <= numbers[0] && numbers[0] <= numbers[1] && numbers[1] <= 65535;
}

Judgement judge_numbers(const Demand& demand, const HostSnapshot& host) {
  const auto running = host.numbers(demand.key);
  if (!running) return unreadable({.demand = &demand}, running.error());
  if (demand.fact->unit == Unit::ports && running->size() == 2 && !is_port_range(*running)) {
    return unreadable({.demand = &demand},
                      {.why = Unread::Why::malformed,
                       .detail = (*running)[0] > (*running)[1] ? "the range is reversed"
                                                               : "it is not a range of ports"});
  }
  if (demand.kind == Kind::one_of) return judge_choice(demand, running->front(), host);
  const auto wanted = wanted_numbers(demand, *running, host);
  if (!wanted) return unreadable({.demand = &demand}, host.page_size.error());
  auto judgement = compare({.demand = &demand}, *wanted == *running, text::joined(*wanted, " "));
  judgement.objection = objection(demand, *running, *wanted, host);
  if (judgement.verdict == Verdict::unmet && !judgement.objection.empty()) {
    judgement.verdict = Verdict::unsound;
  }
  return judgement;
}

/// untouched: as the kernel chose it; never: switched off.
Judgement judge_flagged(const Demand& demand, const HostSnapshot& host) {
  if (!demand.fact->holds_numbers()) {
    return {.demand = &demand, .verdict = Verdict::default_unknown};
  }
  const auto running = host.numbers(demand.key);
  if (!running) return unreadable({.demand = &demand}, running.error());
  if (demand.kind == Kind::never) {
    const bool off = std::all_of(running->begin(), running->end(),
                                 [](std::int64_t number) { return number == 0; });
    return compare({.demand = &demand}, off, "0");
  }
  const auto agreement = compare_with_default(*demand.fact, *running, host);
  if (demand.fact->default_rule == nullptr) {
    return {.demand = &demand, .verdict = Verdict::default_unknown};
  }
  if (!agreement.judged) return unreadable({.demand = &demand}, missing_for_default(host));
  return compare({.demand = &demand}, !agreement.below && !agreement.above,
                 exact_default(*demand.fact, host).value_or(""));
}

/// BBR paces on its own and never asks for a slow start after idle
/// (include/net/tcp.h tcp_slow_start_after_idle_check()).
bool is_ignored_here(std::string_view key, const HostSnapshot& host) {
  if (key != "net.ipv4.tcp_slow_start_after_idle") return false;
  const auto& control = host.sysctl("net.ipv4.tcp_congestion_control");
  return control && control->text == "bbr";
}

Verdict verdict_on_absence(const Demand& demand, const HostSnapshot& host) {
  if (!host.has_sysctls()) return Verdict::unreadable;
  if (machine_key_in_child(*demand.fact, host)) return Verdict::not_in_this_namespace;
  if (!demand.fact->removed.empty()) return Verdict::removed_from_kernel;
  return Verdict::not_in_this_kernel;
}

Status status_of(Verdict verdict) {
  if (verdict == Verdict::met) return Status::pass;
  if (verdict == Verdict::unmet || verdict == Verdict::unsound) return Status::fail;
  if (verdict == Verdict::removed_from_kernel) return Status::fail;
  return verdict == Verdict::unreadable ? Status::unknown : Status::skipped;
}

Judgement judge_value(const Demand& demand, const SysctlValue& value, const HostSnapshot& host) {
  if (demand.kind == Kind::never || demand.kind == Kind::untouched) {
    return judge_flagged(demand, host);
  }
  if (!demand.formulas.empty()) {
    return unreadable({.demand = &demand}, demand.unfitted.value_or(Unread{}));
  }
  return demand.words.empty() ? judge_numbers(demand, host) : judge_words(demand, value, host);
}

}  // namespace

Judgement judge(const Demand& demand, const HostSnapshot& host) {
  Judgement judgement{.demand = &demand};
  const bool harmless = demand.kind == Kind::never || demand.kind == Kind::untouched;
  if (demand.when && !holds(*demand.when, host)) {
    judgement.verdict = Verdict::condition_not_met;
    return judgement;
  }
  const auto& value = host.sysctl(demand.key);
  if (!value && value.error().why != Unread::Why::absent)
    return unreadable(judgement, value.error());
  if (!value) {
    judgement.verdict = verdict_on_absence(demand, host);
    const bool gone = judgement.verdict == Verdict::removed_from_kernel ||
                      judgement.verdict == Verdict::not_in_this_kernel;
    if (harmless && gone) judgement.verdict = Verdict::met;
    return judgement;
  }
  if (demand.fact->write == Write::never && !harmless) {
    judgement.verdict = Verdict::never_written;
    return judgement;
  }
  if (is_ignored_here(demand.key, host)) {
    judgement.verdict = Verdict::without_effect;
    return judgement;
  }
  judgement = judge_value(demand, *value, host);
  // What another namespace decides can be as wanted, and cannot be changed from here.
  if (judgement.verdict != Verdict::met && machine_key_in_child(*demand.fact, host)) {
    return {.demand = &demand, .verdict = Verdict::not_in_this_namespace};
  }
  return judgement;
}

Finding finding_of(const Judgement& judgement, const HostSnapshot& host, Severity severity) {
  const Demand& demand = *judgement.demand;
  Finding finding = about_key({}, demand.key, host);
  finding.status = status_of(judgement.verdict);
  finding.message = message_of(judgement, host);
  if (!judgement.wanted.empty()) finding.wanted = judgement.wanted;
  finding.why = demand.why;
  finding.source = demand.source;
  finding.cost = demand.cost;
  if (finding.status != Status::fail) return finding;
  finding.severity = severity;
  if (judgement.verdict != Verdict::unmet) return finding;
  finding.fix =
      demand.kind == Kind::untouched
          ? Fix{.kind = Fix::Kind::sysctl,
                .text = fmt::format("Remove {} from the sysctl files and reboot.", demand.key)}
          : set(demand.key, judgement.wanted);
  return finding;
}

bool reserves_ports(const Demand& demand) {
  return demand.reserve_listening_ports || !demand.reserve.empty();
}

bool profile_reserves_ports(const Profile& profile) {
  return std::any_of(profile.demands.begin(), profile.demands.end(),
                     [](const Demand& demand) { return reserves_ports(demand); });
}

namespace {

/// A list of reserved ports that the ports of services have joined is still the list asked for.
Judgement judge_list(const Demand& demand, const AuditInput& input) {
  Judgement judgement = judge(demand, input.host);
  const bool joined = demand.key == kReservedPorts && profile_reserves_ports(*input.profile);
  if (!joined || judgement.verdict != Verdict::unmet) return judgement;
  const auto running = parse::port_list(input.host.sysctl(demand.key)->text);
  const auto asked = parse::port_list(judgement.wanted);
  if (!running || !asked || united(*running, *asked) != *running) return judgement;
  return {.demand = &demand, .verdict = Verdict::met, .wanted = port_list_text(*running)};
}

}  // namespace

std::vector<Finding> findings_of_kinds(const AuditInput& input,
                                       std::initializer_list<Demand::Kind> kinds) {
  std::vector<Finding> findings;
  if (input.profile == nullptr) return findings;
  for (const Demand& demand : input.profile->demands) {
    if (demand.area != Area::sysctl) continue;
    if (std::find(kinds.begin(), kinds.end(), demand.kind) == kinds.end()) continue;
    const Judgement judgement = judge_list(demand, input);
    if (judgement.verdict == Verdict::removed_from_kernel) continue;
    if (judgement.verdict == Verdict::not_in_this_namespace) continue;
    // A key that is gone, or that nobody asks to touch, is not worth a line.
    const bool silent = demand.kind == Kind::never || demand.kind == Kind::untouched;
    if (silent && !input.host.sysctl(demand.key) && judgement.verdict == Verdict::met) continue;
    findings.push_back(finding_of(judgement, input.host, Severity::warning));
  }
  return findings;
}

std::vector<Judgement> judgements_with(const AuditInput& input, Verdict verdict) {
  std::vector<Judgement> found;
  if (input.profile == nullptr) return found;
  for (const Demand& demand : input.profile->demands) {
    if (demand.area != Area::sysctl) continue;
    auto judgement = judge(demand, input.host);
    if (judgement.verdict == verdict) found.push_back(std::move(judgement));
  }
  return found;
}

const Demand* demand_on(const AuditInput& input, std::string_view key) {
  return input.profile == nullptr ? nullptr : input.profile->demand(key);
}

}  // namespace tuner::judge
