#include "cli/place_option.hpp"

#include "model/number.hpp"
#include "os/network_namespace.hpp"

namespace tuner::cli {

Result<int> go_to_place(const Invocation& invocation) {
  const auto name = invocation.value("netns");
  const auto process = invocation.value("pid");
  if (!name && !process) return 0;
  const auto pid = process ? parse::integer<int>(*process) : std::nullopt;
  if (process && (!pid || *pid <= 0)) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--pid",
                 .detail = "\"" + *process + "\" is not a process ID",
                 .hint = "Give a PID, as pidof prints it."});
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
