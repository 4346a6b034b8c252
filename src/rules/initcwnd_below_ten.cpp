#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "tuner/profile.hpp"
#include "tuner/route.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::initcwnd_below_ten {

namespace {

constexpr std::int64_t kKernelWindow = 10;  // include/net/tcp.h TCP_INIT_CWND, since 2.6.39

/// What the profile asks for; ten without one.
std::int64_t wanted_window(const Demand* demand) {
  if (demand == nullptr || demand->numbers.empty()) return kKernelWindow;
  return demand->numbers.front().value_or(kKernelWindow);
}

Finding judge_route(const DefaultRoute& route, const Demand* demand) {
  const std::int64_t wanted = wanted_window(demand);
  const std::int64_t window =
      route.windows.initcwnd == 0 ? kKernelWindow : std::int64_t{route.windows.initcwnd};
  if (window >= wanted) {
    return judge::passed(route.shown, fmt::format("Connections start with {} segments.", window));
  }
  Finding finding = judge::failed(
      Severity::warning, route.shown,
      fmt::format("Connections start with {} segments instead of {}.", window, wanted));
  finding.running = std::to_string(window);
  finding.wanted = std::to_string(wanted);
  finding.unit = "segments";
  finding.evidence = {{.source = "rtnetlink",
                       .name = "initcwnd",
                       .value = std::to_string(route.windows.initcwnd),
                       .meaning = "set on the route; 0 if unset"}};
  if (demand != nullptr) {
    finding.why = demand->why;
    finding.source = demand->source;
    finding.cost = demand->cost;
  }
  const std::string change =
      wanted > kKernelWindow ? fmt::format("initcwnd {} on it", wanted) : "remove initcwnd from it";
  finding.fix = {.kind = Fix::Kind::route,
                 .text = fmt::format("ip route change {}: {}", route.shown, change)};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const Demand* const demand = judge::demand_on(input, "initcwnd");
  if (!host.default_routes) {
    return {judge::not_seen("default route", host.default_routes.error(), host)};
  }
  std::vector<Finding> findings;
  for (const DefaultRoute& route : *host.default_routes) {
    findings.push_back(judge_route(route, demand));
  }
  if (findings.empty()) {
    findings.push_back(judge::skipped("default route", "There is no default route here."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "initcwnd-below-ten",
    .what = "The initial congestion window of a default route is below ten segments.",
    .why =
        "A connection starts with that many segments; fewer cost extra round trips for each small "
        "answer. The kernel has started with ten since 2.6.39, so only a route can lower it.",
    .fix = "Remove initcwnd from the route: ip route change default via GATEWAY dev DEVICE.",
    .source = "RFC 6928; include/net/tcp.h TCP_INIT_CWND; TOAST 2015 3.4",
    .check = check,
};

}  // namespace tuner::rules::initcwnd_below_ten
