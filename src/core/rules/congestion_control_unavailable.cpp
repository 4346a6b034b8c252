#include <fmt/format.h>
#include <algorithm>

#include "core/judge/demand.hpp"
#include "core/judge/findings.hpp"
#include "core/parse/number.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_congestion_control";
constexpr const char* kAvailable = "net.ipv4.tcp_available_congestion_control";
constexpr const char* kAllowed = "net.ipv4.tcp_allowed_congestion_control";

bool lists(const SysctlValue& names, const std::string& name) {
  const auto words = parse::words(names.text);
  return std::find(words.begin(), words.end(), name) != words.end();
}

std::vector<Finding> check(const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, kKey);
  if (demand == nullptr || demand->words.empty()) return {};
  const bool child = input.host.network_namespace == NetworkNamespace::child;
  const char* const list = child ? kAllowed : kAvailable;
  const auto& offered = input.host.sysctl(list);
  if (!offered) return {judge::unknown(list, offered.error())};
  const bool any = std::any_of(demand->words.begin(), demand->words.end(),
                               [&](const std::string& name) { return lists(*offered, name); });
  if (any) return {judge::key_passed(kKey, input.host, "This host offers one that is wanted.")};
  Finding finding = judge::key_failed(
      Severity::warning, kKey, input.host,
      fmt::format("The profile wants {}; this {} offers {}.", fmt::join(demand->words, " or "),
                  child ? "namespace" : "host", offered->text));
  finding.wanted = demand->words.front();
  finding.evidence = {{.source = "/proc/sys/" + SysctlKey::parse(list)->path(),
                       .name = list,
                       .value = offered->text,
                       .meaning = child ? "what this namespace may set"
                                        : "what is loaded; a module may offer more"}};
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = fmt::format("modprobe tcp_{} on the host.", demand->words.front())};
  return {finding};
}

constexpr std::string_view kReads[] = {"net.ipv4.tcp_congestion_control",
                                       "net.ipv4.tcp_available_congestion_control",
                                       "net.ipv4.tcp_allowed_congestion_control"};

}  // namespace

extern const Rule congestion_control_unavailable;

const Rule congestion_control_unavailable{
    .id = "congestion-control-unavailable",
    .what = "The profile wants a congestion control that this host does not offer.",
    .why =
        "A congestion control that is not loaded is loaded when root sets it in the initial "
        "namespace. A child namespace can only set what net.ipv4.tcp_allowed_congestion_control "
        "lists; all else is EPERM, for root too.",
    .fix = "Load the module (modprobe tcp_bbr) on the host, or choose another congestion control.",
    .source =
        "net/ipv4/tcp_cong.c tcp_set_default_congestion_control(); "
        "Documentation/networking/ip-sysctl.rst",
    .reads = kReads,
    .check = check,
};

}  // namespace tuner::rules
