#include "tuner/plan.hpp"

#include <fmt/format.h>

#include "core/judge/default.hpp"
#include "core/judge/demand.hpp"
#include "core/judge/demand_message.hpp"
#include "core/parse/sysctl.hpp"
#include "core/plan/memory.hpp"

namespace tuner {

namespace {

using judge::Judgement;
using judge::Verdict;

constexpr std::string_view kReserved = "net.ipv4.ip_local_reserved_ports";

/// The side of a change that the host tells.
Change change_of(std::string_view key, const HostSnapshot& host) {
  Change change{.key = std::string(key), .fact = find_fact(key)};
  if (change.fact != nullptr) change.default_text = judge::default_text(*change.fact, host);
  if (const auto& running = host.sysctl(key)) change.running = running->text;
  return change;
}

Change change_of(const Judgement& judgement, const HostSnapshot& host) {
  const Demand& demand = *judgement.demand;
  Change change = change_of(demand.key, host);
  change.wanted = judgement.wanted;
  change.why = demand.why;
  change.source = demand.source;
  change.cost = demand.cost;
  change.derivation = demand.derivation;
  change.profile = demand.profile;
  change.file = demand.file;
  change.line = demand.position.line;
  return change;
}

bool has_demand_on(const Profile& profile, std::string_view key) {
  for (const Demand& demand : profile.demands) {
    if (demand.key == key && demand.area == Area::sysctl) return true;
  }
  return false;
}

/// Sorts what was judged into changes and obstacles.
class Planner {
 public:
  Planner(const Profile& profile, const HostSnapshot& host) : profile_(profile), host_(host) {}

  Plan plan() && {
    for (const Demand& demand : profile_.demands) {
      if (demand.area == Area::sysctl) consider(demand);
    }
    plan_.memory = memory_need(profile_, plan_.changes, host_);
    if (plan_.memory) {
      for (std::string& warning : memory_warnings(*plan_.memory)) {
        plan_.warnings.push_back(std::move(warning));
      }
    }
    return std::move(plan_);
  }

 private:
  void consider(const Demand& demand) {
    const Judgement judgement = judge::judge(demand, host_);
    switch (judgement.verdict) {
      case Verdict::met:
      case Verdict::condition_not_met:
      case Verdict::default_unknown:
      case Verdict::without_effect:
        // A range that is wide enough may still lie over the ports of services.
        if (demand.kind == Demand::Kind::covers && judgement.verdict == Verdict::met) {
          reserve(demand, judgement);
        }
        return;
      case Verdict::unmet:
        return unmet(demand, judgement);
      case Verdict::unreadable:
      case Verdict::removed_from_kernel:
      case Verdict::not_in_this_kernel:
      case Verdict::not_in_this_namespace:
      case Verdict::unobtainable:
      case Verdict::never_written:
        return hinder(demand, judgement);
    }
  }

  void unmet(const Demand& demand, const Judgement& judgement) {
    if (demand.kind == Demand::Kind::untouched) return hinder(demand, judgement);
    if (demand.kind == Demand::Kind::covers && !reserve(demand, judgement)) return;
    Change change = change_of(judgement, host_);
    if (demand.kind == Demand::Kind::covers) change.derivation = why_not_lower(demand, judgement);
    plan_.changes.push_back(std::move(change));
  }

  /// Where the range begins above what the profile asks for.
  static std::string why_not_lower(const Demand& demand, const Judgement& judgement) {
    const auto range = parse::sysctl_value(judgement.wanted).numbers;
    if (!demand.numbers[0] || range[0] <= *demand.numbers[0]) return {};
    return fmt::format(
        "ip_unprivileged_port_start is {}, and the kernel refuses a range that begins below it",
        range[0]);
  }

  /// What nobody asks to write is no obstacle where it cannot be written.
  void hinder(const Demand& demand, const Judgement& judgement) {
    const bool harmless =
        demand.kind == Demand::Kind::never || demand.kind == Demand::Kind::untouched;
    if (harmless && judgement.verdict == Verdict::not_in_this_namespace) return;
    std::string reason = judge::message_of(judgement, host_);
    if (demand.kind == Demand::Kind::untouched && judgement.verdict == Verdict::unmet) {
      reason += " Take it out of the sysctl files and reboot.";
    }
    plan_.obstacles.push_back({.key = demand.key,
                               .reason = std::move(reason),
                               .unread = judgement.verdict == Verdict::unreadable});
  }

  /// Reserves the ports of services in the range that is wanted. False where that cannot be done,
  /// so that the range must not be widened either.
  bool reserve(const Demand& demand, const Judgement& judgement) {
    const bool asked = demand.reserve_listening_ports || !demand.reserve.empty();
    if (!asked || has_demand_on(profile_, kReserved)) return true;
    const auto range = parse::sysctl_value(judgement.wanted).numbers;
    const auto reservation = reserve_ports(demand, {range[0], range[1]}, host_);
    if (!reservation) {
      plan_.obstacles.push_back(
          {.key = demand.key,
           .reason = fmt::format("It is not widened, since what listens cannot be seen: {}.",
                                 describe(reservation.error())),
           .unread = true});
      return false;
    }
    if (reservation->services.empty()) return true;
    Change change = change_of(kReserved, host_);
    change.wanted = text_of(reservation->ports);
    change.why = fmt::format(
        "Services own {}: an outgoing connection on such a port would keep the service from "
        "starting",
        text_of(reservation->services));
    change.source =
        "net/ipv4/inet_connection_sock.c inet_csk_find_open_port(); "
        "Documentation/networking/ip-sysctl.rst ip_local_reserved_ports";
    change.cost = "As many local ports fewer; programs that bind to one of them still can";
    change.profile = demand.profile;
    change.file = demand.file;
    change.line = demand.position.line;
    plan_.changes.push_back(std::move(change));
    return true;
  }

  const Profile& profile_;
  const HostSnapshot& host_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Profile& profile, const HostSnapshot& host) {
  return Planner(profile, host).plan();
}

}  // namespace tuner
