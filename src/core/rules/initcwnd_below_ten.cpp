#include "core/judge/demand.hpp"
#include "core/judge/findings.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules {

namespace {

/// The initial window is an attribute of a route; no file below /proc shows it.
std::vector<Finding> check(const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, "initcwnd");
  if (demand == nullptr) return {};
  Finding finding = judge::skipped(
      "default route", "Routes are not part of this reading: ip route show default tells it.");
  finding.wanted = demand->written;
  finding.why = demand->why;
  finding.source = demand->source;
  finding.cost = demand->cost;
  return {finding};
}

}  // namespace

extern const Rule initcwnd_below_ten;

const Rule initcwnd_below_ten{
    .id = "initcwnd-below-ten",
    .what = "The initial congestion window of a default route is below ten segments.",
    .why =
        "A connection starts with as many segments; fewer cost a round trip for each small "
        "answer. The kernel starts with ten since 2.6.39, so only a route can say less.",
    .fix = "Take initcwnd off the route: ip route change default via GATEWAY dev DEVICE.",
    .source = "RFC 6928; include/net/tcp.h TCP_INIT_CWND; TOAST 2015 3.4",
    .check = check,
};

}  // namespace tuner::rules
