#include "change/routes.hpp"

#include <fmt/core.h>

#include "change/limits.hpp"
#include "profile/fit.hpp"

namespace tuner {

namespace {

/// The kernel's own where a route says nothing: TCP_INIT_CWND, since 2.6.39. The first window to
/// receive follows it: net/ipv4/tcp_output.c tcp_select_initial_window().
constexpr std::uint32_t kKernelWindow = 10;

std::uint32_t wanted_window(const Profile& profile, const HostSnapshot& host, std::string_view name,
                            std::uint32_t present) {
  for (const Demand& demand : profile.demands) {
    if (demand.area != Area::route || demand.key != name || demand.numbers.empty()) continue;
    if (demand.when && !holds(*demand.when, host)) continue;
    const auto wanted = static_cast<std::uint32_t>(demand.numbers.front().value_or(0));
    const std::uint32_t effective = present == 0 ? kKernelWindow : present;
    if (demand.kind == Demand::Kind::at_least && effective < wanted) return wanted;
    if (demand.kind == Demand::Kind::exactly && effective != wanted) return wanted;
  }
  return present;
}

std::string windows_shown(RouteWindows windows) {
  const auto one = [](std::uint32_t window) {
    return window == 0 ? std::string("the kernel's") : std::to_string(window);
  };
  return fmt::format("initcwnd {}, initrwnd {}", one(windows.initcwnd), one(windows.initrwnd));
}

std::string_view route_reason(const Profile& profile) {
  for (const Demand& demand : profile.demands) {
    if (demand.area == Area::route) return demand.why;
  }
  return {};
}

}  // namespace

void plan_routes(const Profile& profile, const HostSnapshot& host, const ApplySurvey& survey,
                 ApplyPlan& plan) {
  for (const DefaultRoute& route : survey.routes) {
    const RouteWindows wanted{wanted_window(profile, host, "initcwnd", route.windows.initcwnd),
                              wanted_window(profile, host, "initrwnd", route.windows.initrwnd)};
    if (wanted == route.windows) continue;
    if (!route.left.empty()) {
      plan.skipped.push_back({.key = route.shown,
                              .reason = fmt::format("It is left alone, because {}. It has {}.",
                                                    route.left, windows_shown(route.windows))});
      continue;
    }
    const std::string owner = route.owner.empty() ? "whatever sets up the route" : route.owner;
    plan.others.push_back(
        {.subject = route.shown,
         .running = windows_shown(route.windows),
         .wanted = windows_shown(wanted),
         .why = std::string(route_reason(profile)),
         .note =
             fmt::format("It lasts until the route is set up again: configure {} as well.", owner),
         .step = {.kind = Step::Kind::route,
                  .target = route.identity,
                  .original = windows_text(route.windows),
                  .wanted = windows_text(wanted)}});
  }
}

}  // namespace tuner
