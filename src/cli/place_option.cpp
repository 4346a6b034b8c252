#include "cli/place_option.hpp"

#include <array>

#include "model/number.hpp"
#include "os/network_namespace.hpp"

namespace tuner::cli {

namespace {

Result<void> check_alone(const Invocation& invocation) {
  constexpr std::array<std::string_view, 4> kPlaces{"netns", "pid", "all-netns", "root"};
  std::string first;
  for (const std::string_view name : kPlaces) {
    if (!invocation.has(name)) continue;
    if (!first.empty()) {
      return fail({.kind = ErrorKind::usage,
                   .subject = "--" + std::string(name),
                   .detail = "it says another place than --" + first,
                   .way_out = "Give one of them."});
    }
    first = name;
  }
  return {};
}

}  // namespace

Result<int> go_to_place(const Invocation& invocation) {
  if (auto alone = check_alone(invocation); !alone) return tl::unexpected(alone.error());
  const auto name = invocation.value("netns");
  const auto process = invocation.value("pid");
  if (!name && !process) return 0;
  const auto pid = process ? parse::integer<int>(*process) : std::nullopt;
  if (process && (!pid || *pid <= 0)) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--pid",
                 .detail = "\"" + *process + "\" is no number of a process",
                 .way_out = "Give a number as pidof prints it."});
  }
  const auto network = name ? os::open_network(*name) : os::open_network_of(*pid);
  if (!network) return tl::unexpected(network.error());
  const auto entered = os::enter_network(*network);
  if (!entered) return tl::unexpected(entered.error());
  return pid.value_or(0);
}

std::string asked_network(const Invocation& invocation) {
  if (const auto name = invocation.value("netns")) return *name;
  const auto process = invocation.value("pid");
  return process ? "of pid " + *process : std::string();
}

}  // namespace tuner::cli
