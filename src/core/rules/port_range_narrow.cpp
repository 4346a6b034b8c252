#include <fmt/format.h>

#include "core/judge/demand.hpp"
#include "core/judge/findings.hpp"
#include "core/text/human.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules {

namespace {

constexpr std::int64_t kTimeWaitSeconds = 60;  // include/net/tcp.h TCP_TIMEWAIT_LEN

/// The state in numbers: how many connections a second the range allows to one backend.
std::string describe_range(const std::vector<std::int64_t>& range) {
  const std::int64_t ports = range[1] - range[0] + 1;
  return fmt::format("{} local ports allow {} new connections a second to one backend.",
                     text::grouped(ports), text::grouped(ports / kTimeWaitSeconds));
}

Finding judge_range(const Demand& demand, const HostSnapshot& host) {
  Finding finding = judge::finding_of(judge::judge(demand, host), host, Severity::warning);
  const auto range = host.numbers(demand.key);
  if (!range || finding.status == Status::skipped) return finding;
  finding.message = describe_range(*range);
  if (finding.status != Status::fail) return finding;
  if (demand.reserve_listening_ports) {
    finding.fix.text +=
        ", with the ports that services listen on in"
        " net.ipv4.ip_local_reserved_ports";
  }
  if (const auto& reserved = host.sysctl("net.ipv4.ip_local_reserved_ports")) {
    finding.evidence.push_back(
        {.source = "/proc/sys/net/ipv4/ip_local_reserved_ports",
         .name = "net.ipv4.ip_local_reserved_ports",
         .value = reserved->text,
         .meaning = reserved->text.empty() ? "no port is reserved" : "ports that are left out"});
  }
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  if (input.profile == nullptr) return findings;
  for (const Demand& demand : input.profile->demands) {
    if (demand.kind == Demand::Kind::covers) findings.push_back(judge_range(demand, input.host));
  }
  return findings;
}

constexpr std::string_view kReads[] = {"net.ipv4.ip_local_reserved_ports"};

}  // namespace

extern const Rule port_range_narrow;

const Rule port_range_narrow{
    .id = "port-range-narrow",
    .what = "The range of local ports is narrower than the profile asks for.",
    .why =
        "Each open or TIME_WAIT connection to one address and port holds a local port, TIME_WAIT "
        "for 60 s. The range divided by 60 s is the number of new connections a second that one "
        "backend can get.",
    .fix =
        "Widen net.ipv4.ip_local_port_range, and reserve the ports that services listen on in "
        "net.ipv4.ip_local_reserved_ports. Keep-alive towards the backend needs no port at all.",
    .source =
        "Documentation/networking/ip-sysctl.rst ip_local_port_range; net/ipv4/inet_hashtables.c; "
        "TOAST 2015 4.3",
    .reads = kReads,
    .check = check,
};

}  // namespace tuner::rules
