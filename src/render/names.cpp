#include "render/names.hpp"

namespace tuner::render {

std::string_view area_name(Area area) {
  constexpr std::string_view kNames[] = {"sysctl", "limits", "route"};
  return kNames[static_cast<std::size_t>(area)];
}

std::string_view scope_name(Scope scope) {
  constexpr std::string_view kNames[] = {"machine", "network namespace", "process"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::string_view child_name(Child child) {
  constexpr std::string_view kNames[] = {
      "absent; the machine's value holds",
      "the machine's value, read-only",
      "the kernel's default, whatever the host has",
      "a copy of the initial namespace's value",
      "the machine's value",
      "a value of its own that only describes it",
      "does not apply",
  };
  return kNames[static_cast<std::size_t>(child)];
}

std::string_view outside_name(Outside outside) {
  return outside == Outside::taken ? "taken" : "refused";
}

std::string_view ipv6_name(Ipv6 ipv6) {
  constexpr std::string_view kNames[] = {"holds for IPv6 too", "IPv6 has a key of its own",
                                         "IPv4 only", "IPv6 only", "not about IP"};
  return kNames[static_cast<std::size_t>(ipv6)];
}

std::string_view effect_name(Effect effect) {
  constexpr std::string_view kNames[] = {
      "at once",        "new sockets",    "new connections", "next listen()", "next setsockopt()",
      "new interfaces", "new namespaces", "at boot",         "never",
  };
  return kNames[static_cast<std::size_t>(effect)];
}

}  // namespace tuner::render
