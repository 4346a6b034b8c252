#include <fmt/core.h>

#include "judge/congestion.hpp"
#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "text/joined.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::congestion_control_unavailable {

namespace {

Evidence offer_evidence(const std::string& name, const HostSnapshot& host) {
  const bool child = host.network_namespace == NetworkNamespace::child;
  const judge::Offer offer = judge::congestion_offer(name, host);
  return {.source = child ? "/proc/sys/net/ipv4/tcp_allowed_congestion_control"
                          : "/proc/sys/net/ipv4/tcp_available_congestion_control, /lib/modules",
          .name = name,
          .value = std::string(judge::offer_text(offer)),
          .meaning = "a congestion control that the profile accepts"};
}

std::vector<Finding> check(const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, judge::kCongestionControl);
  if (demand == nullptr || demand->words.empty()) return {};
  const HostSnapshot& host = input.host;
  const bool child = host.network_namespace == NetworkNamespace::child;
  const std::string list(child ? judge::kAllowedControls : judge::kAvailableControls);
  const auto& offered = host.sysctl(list);
  if (!offered) return {judge::unknown(list, offered.error())};
  const std::string* const choice = judge::preferred_control(demand->words, host);
  if (choice != nullptr && judge::is_obtainable(judge::congestion_offer(*choice, host))) {
    return {
        judge::key_passed(judge::kCongestionControl, host,
                          fmt::format("{} is {}.", *choice,
                                      judge::offer_text(judge::congestion_offer(*choice, host))))};
  }
  Finding finding = judge::key_failed(
      Severity::warning, judge::kCongestionControl, host,
      fmt::format("The profile wants {}; this {} offers {}.", text::joined(demand->words, " or "),
                  child ? "namespace" : "host", offered->text));
  finding.wanted = demand->words.front();
  for (const std::string& name : demand->words) {
    finding.evidence.push_back(offer_evidence(name, host));
  }
  finding.fix = {
      .kind = Fix::Kind::sysctl,
      .text = child ? fmt::format("net.ipv4.tcp_allowed_congestion_control = {} {}, on the host.",
                                  offered->text, demand->words.front())
                    : fmt::format("modprobe tcp_{} on the host.", demand->words.front())};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
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
    .reads = {"net.ipv4.tcp_congestion_control", "net.ipv4.tcp_available_congestion_control",
              "net.ipv4.tcp_allowed_congestion_control"},
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::congestion_control_unavailable
