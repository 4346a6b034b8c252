#include "judge/plan.hpp"

#include "knowledge/key_name.hpp"
#include "tuner/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "judge/congestion.hpp"
#include "judge/demand.hpp"
#include "judge/demand_message.hpp"
#include "judge/memory.hpp"
#include "judge/reserve.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/side_effect.hpp"
#include "profile/fit.hpp"
#include "read/port_list.hpp"
#include "read/sysctl.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using judge::Judgement;
using judge::Verdict;

constexpr std::string_view kReserved = kReservedPorts;
constexpr std::size_t kOneWrite = 4000;

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

/// Sorts what was judged into changes and obstacles. Each demand is judged in the state that the
/// changes before it leave, again until nothing moves: congestion control decides whether another
/// key matters, and one end of the ports bounds another.
class Planner {
 public:
  Planner(const Profile& profile, const HostSnapshot& host)
      : profile_(profile), host_(host), future_(host), own_ports_(own_ports(profile, host)) {}

  Plan plan() && {
    // A demand is judged against the host as it will be, and a change may move the keys of demands
    // that were judged before it (ip_forward resets conf/*, a wider range brings ports to reserve).
    // So all are judged again until a round moves nothing. Two demands that each undo the other
    // would go on for ever: the bound ends that, and the plan then says what it could not do.
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds && std::exchange(moved_, false); ++round) {
      plan_.obstacles.clear();
      for (const Demand& demand : profile_.demands) {
        if (demand.area == Area::sysctl && !is_own_list(demand)) consider(demand);
      }
    }
    plan_.memory = memory_need(profile_, future_);
    if (plan_.memory && std::any_of(plan_.changes.begin(), plan_.changes.end(), is_buffer)) {
      for (std::string& warning : memory_warnings(*plan_.memory)) warn(std::move(warning));
    }
    return std::move(plan_);
  }

 private:
  /// The ports of the profile's own list, where it asks for the reservation of others too: then
  /// they join each other, and nothing leaves the list.
  static std::optional<PortList> own_ports(const Profile& profile, const HostSnapshot& host) {
    const bool reserving =
        std::any_of(profile.demands.begin(), profile.demands.end(), [&host](const Demand& demand) {
          return judge::reserves_ports(demand) && (!demand.when || holds(*demand.when, host));
        });
    if (!reserving) return std::nullopt;
    for (const Demand& demand : profile.demands) {
      if (demand.key != kReserved || demand.words.empty()) continue;
      return parse::port_list(demand.words.front());
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_own_list(const Demand& demand) const {
    return own_ports_ && demand.key == kReserved;
  }

  void consider(const Demand& demand) {
    const Judgement judgement = judge::judge(demand, future_);
    switch (judgement.verdict) {
      case Verdict::met:
        // A range that is wide enough may still lie over the ports of services.
        if (judge::reserves_ports(demand)) reserve(demand, judgement);
        return;
      case Verdict::condition_not_met:
      case Verdict::default_unknown:
      case Verdict::without_effect:
        return;
      case Verdict::unmet:
        return unmet(demand, judgement);
      case Verdict::unsound:
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
    if (judge::reserves_ports(demand) && !reserve(demand, judgement)) return;
    Change change = change_of(judgement, host_);
    if (demand.kind == Demand::Kind::covers) change.derivation = why_not_lower(demand, judgement);
    if (demand.key == judge::kCongestionControl) change.derivation = how_offered(judgement.wanted);
    if (change.running == change.wanted) {
      change.derivation =
          "it already has this value, but an earlier change makes the kernel reset it";
    }
    if (demand.key == kPortRange) warn_of_services(demand, judgement);
    set(std::move(change));
  }

  /// A change that comes again takes the later place: what it had to wait for is before it then.
  void set(Change change) {
    moved_ = true;
    future_.set_sysctl(change.key, parse::sysctl_value(change.wanted));
    reset_dependants(change);
    std::erase_if(plan_.changes, [&](const Change& other) { return other.key == change.key; });
    plan_.changes.push_back(std::move(change));
  }

  /// Some writes make the kernel write other keys; see side_effect().
  void reset_dependants(const Change& change) {
    for (const Demand& demand : profile_.demands) {
      const auto value = side_effect(change.key, change.wanted, demand.key);
      if (value && future_.sysctl(demand.key)) {
        future_.set_sysctl(demand.key, parse::sysctl_value(*value));
      }
    }
  }

  /// Each warning once, however often its demand is considered.
  void warn(std::string warning) {
    const auto& said = plan_.warnings;
    if (std::find(said.begin(), said.end(), warning) != said.end()) return;
    plan_.warnings.push_back(std::move(warning));
  }

  /// A profile that widens the range without a word on services.
  void warn_of_services(const Demand& demand, const Judgement& judgement) {
    if (judge::reserves_ports(demand)) return;
    Demand asking = demand;
    asking.reserve_listening_ports = true;
    const auto range = parse::sysctl_value(judgement.wanted).numbers;
    const auto reservation = reserve_ports(asking, {range[0], range[1]}, future_);
    if (!reservation || reservation->services.empty()) return;
    warn(fmt::format(
        "Something listens on {}, inside the wanted local port range: an outgoing connection may "
        "take such a port. To keep them, add reserve = \"listening ports\" to covers.",
        port_list_text(reservation->services)));
  }

  /// Where the range begins above what the profile asks for.
  static std::string why_not_lower(const Demand& demand, const Judgement& judgement) {
    const auto range = parse::sysctl_value(judgement.wanted).numbers;
    if (!demand.numbers[0] || range[0] <= *demand.numbers[0]) return {};
    return fmt::format(
        "ip_unprivileged_port_start is {}, and the kernel refuses a range that starts below it",
        range[0]);
  }

  [[nodiscard]] std::string how_offered(const std::string& name) const {
    return fmt::format("{} is {}", name, offer_text(judge::congestion_offer(name, host_)));
  }

  /// What nobody asks to write is no obstacle where it cannot be written.
  void hinder(const Demand& demand, const Judgement& judgement) {
    const bool harmless =
        demand.kind == Demand::Kind::never || demand.kind == Demand::Kind::untouched;
    const Verdict verdict = judgement.verdict;
    if (harmless && verdict == Verdict::not_in_this_namespace) return;
    std::string reason = judge::message_of(judgement, future_);
    if (demand.kind == Demand::Kind::untouched && verdict == Verdict::unmet) {
      reason += " Remove it from the sysctl files and reboot.";
    }
    const bool differs = verdict == Verdict::unmet || verdict == Verdict::unsound ||
                         verdict == Verdict::unobtainable;
    plan_.obstacles.push_back({.key = demand.key,
                               .reason = std::move(reason),
                               .differs = differs,
                               .unread = verdict == Verdict::unreadable});
  }

  void cannot_reserve(const Demand& demand, const Judgement& judgement, const std::string& reason,
                      bool unread) {
    const bool widened = judgement.verdict == Verdict::unmet;
    plan_.obstacles.push_back(
        {.key = std::string(widened ? std::string_view(demand.key) : kReserved),
         .reason = fmt::format("The service ports cannot be reserved{}: {}.",
                               widened ? ", so the range is not widened" : "", reason),
         .differs = !unread,
         .unread = unread});
  }

  /// Reserves the ports of services in the range that is wanted. False where that cannot be done,
  /// so that the range must not be widened either.
  bool reserve(const Demand& demand, const Judgement& judgement) {
    const auto range = parse::sysctl_value(judgement.wanted).numbers;
    const PortSpan wanted{range[0], range[1]};
    const auto reservation = reserve_ports(demand, wanted, future_);
    if (!reservation) {
      cannot_reserve(demand, judgement, unread_text(reservation.error()), true);
      return false;
    }
    const PortList ports = united(reservation->ports, own_ports_.value_or(PortList()));
    if (ports_inside(ports, wanted) == wanted.last - wanted.first + 1) {
      cannot_reserve(demand, judgement, "no local port would be left", false);
      return false;
    }
    const auto reserved = parse::port_list(future_.sysctl(kReserved)->text);
    if (reserved && *reserved == ports) return true;
    Change change = change_of(kReserved, host_);
    change.wanted = port_list_text(ports);
    change.why = fmt::format(
        "An outgoing connection on a service port would keep the service from starting; {} join",
        port_list_text(reservation->services.empty() ? *own_ports_ : reservation->services));
    if (!reservation->doubtful.empty()) {
      change.derivation = fmt::format(
          "{} is inside the current range: a UDP socket there may have a port that the kernel "
          "chose",
          port_list_text(reservation->doubtful));
    }
    if (change.wanted.size() >= kOneWrite) {
      warn(
          fmt::format("{} is {} bytes long; the kernel accepts about 4 kB in one write, and procps "
                      "sysctl writes no more.",
                      kReserved, change.wanted.size()));
    }
    change.source =
        "net/ipv4/inet_connection_sock.c inet_csk_find_open_port(); "
        "Documentation/networking/ip-sysctl.rst ip_local_reserved_ports";
    change.cost = "That many fewer local ports; programs can still bind to them";
    change.profile = demand.profile;
    change.file = demand.file;
    change.line = demand.position.line;
    set(std::move(change));
    // A range that was planned before comes behind it.
    const auto range_change =
        std::find_if(plan_.changes.begin(), plan_.changes.end(),
                     [&demand](const Change& other) { return other.key == demand.key; });
    if (range_change != plan_.changes.end()) {
      std::rotate(range_change, range_change + 1, plan_.changes.end());
    }
    return true;
  }

  const Profile& profile_;
  const HostSnapshot& host_;
  HostSnapshot future_;  ///< the host as the changes so far leave it
  std::optional<PortList> own_ports_;
  bool moved_ = true;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Profile& profile, const HostSnapshot& host) {
  return Planner(profile, host).plan();
}

}  // namespace tuner
