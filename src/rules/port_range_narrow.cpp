#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "judge/reserve.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/key_name.hpp"
#include "read/port_list.hpp"
#include "read/sysctl.hpp"
#include "sockets/room.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/plan.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::port_range_narrow {

namespace {

/// The ports of the range that are reserved; no value where the list cannot be read.
std::optional<std::int64_t> reserved_in(const std::vector<std::int64_t>& range,
                                        const HostSnapshot& host) {
  const auto& reserved = host.sysctl("net.ipv4.ip_local_reserved_ports");
  const auto list = reserved ? parse::port_list(reserved->text) : std::nullopt;
  if (!list) return std::nullopt;
  return ports_inside(*list, {range[0], range[1]});
}

/// After how long tcp_tw_reuse takes a port in TIME_WAIT again; no value where it does not, towards
/// peers that are not on the loopback. A second before 6.14 (twsk_unique()), then
/// tcp_tw_reuse_delay.
std::optional<std::chrono::milliseconds> reuse_delay(const HostSnapshot& host) {
  const bool stamps = host.number("net.ipv4.tcp_timestamps").value_or(0) != 0;
  if (!stamps || host.number("net.ipv4.tcp_tw_reuse").value_or(0) != 1) return std::nullopt;
  const std::int64_t delay = host.number("net.ipv4.tcp_tw_reuse_delay").value_or(1000);
  return std::chrono::milliseconds(std::clamp<std::int64_t>(delay, 1, 60'000));
}

/// The state in numbers: how many connections a second the range allows to one backend.
std::string describe_range(const std::vector<std::int64_t>& range, const HostSnapshot& host) {
  const std::int64_t ports = range[1] - range[0] + 1;
  const auto reserved = reserved_in(range, host);
  if (!reserved) return fmt::format("It spans {} ports.", text::grouped(ports));
  const std::int64_t free = ports - *reserved;
  const std::string except =
      *reserved > 0 ? fmt::format(" ({} more are reserved)", text::grouped(*reserved)) : "";
  if (const auto delay = reuse_delay(host)) {
    return fmt::format(
        "{} local ports{} allow {} new connections a second to one backend that uses timestamps: "
        "tcp_tw_reuse reuses those in TIME_WAIT.",
        text::grouped(free), except, text::grouped(free * 1000 / delay->count()));
  }
  return fmt::format("{} local ports{} allow {} new connections a second to one backend.",
                     text::grouped(free), except, text::grouped(free / kTimeWait.count()));
}

/// What has to be reserved with it: "with 8080 and 9100-9110 reserved".
std::string reservation_text(const Demand& demand, const std::string& wanted,
                             const HostSnapshot& host) {
  if (!demand.reserve_listening_ports && demand.reserve.empty()) return {};
  const auto range = parse::sysctl_value(wanted).numbers;
  const auto reservation = reserve_ports(demand, {range[0], range[1]}, host);
  if (!reservation) {
    return "with the ports that services listen on in net.ipv4.ip_local_reserved_ports";
  }
  if (reservation->services.empty()) return {};
  return fmt::format("with {} reserved in net.ipv4.ip_local_reserved_ports",
                     port_list_text(reservation->services));
}

Finding judge_range(const Demand& demand, const HostSnapshot& host) {
  Finding finding = judge::finding_of(judge::judge(demand, host), host, Severity::warning);
  const auto range = host.numbers(demand.key);
  const bool judged = finding.status == Status::pass || finding.status == Status::fail;
  if (!range || !judged || !finding.wanted) return finding;
  finding.message = describe_range(*range, host);
  if (finding.status != Status::fail) return finding;
  finding.fix.remark = reservation_text(demand, finding.wanted.value_or(""), host);
  if (const auto& reserved = host.sysctl("net.ipv4.ip_local_reserved_ports")) {
    finding.evidence.push_back(
        {.source = "/proc/sys/net/ipv4/ip_local_reserved_ports",
         .name = "net.ipv4.ip_local_reserved_ports",
         .value = reserved->text,
         .meaning = reserved->text.empty() ? "no port is reserved" : "excluded ports"});
  }
  return finding;
}

/// Without a profile the kernel's own range is the measure; nothing where it is no narrower.
std::vector<Finding> narrower_than_default(const HostSnapshot& host) {
  const auto range = host.numbers(kPortRange);
  const auto chosen = judge::default_text(*find_fact(kPortRange), host);
  if (!range || range->size() != 2 || !chosen) return {};
  const auto own = parse::sysctl_value(*chosen).numbers;
  constexpr std::int64_t kLastPort = 65535;
  const bool ports = (*range)[0] >= 0 && (*range)[1] <= kLastPort && (*range)[0] <= (*range)[1];
  if (!ports || own.size() != 2 || (*range)[1] - (*range)[0] >= own[1] - own[0]) return {};
  Finding finding = judge::key_failed(
      Severity::warning, kPortRange, host,
      describe_range(*range, host) + " This kernel would choose " + *chosen + '.');
  finding.wanted = *chosen;
  finding.fix = judge::set(kPortRange, *chosen, "the kernel's default");
  return {finding};
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  if (input.profile == nullptr) return narrower_than_default(input.host);
  for (const Demand& demand : input.profile->demands) {
    if (demand.kind == Demand::Kind::covers) findings.push_back(judge_range(demand, input.host));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "port-range-narrow",
    .what =
        "The local port range is narrower than the profile asks for, or than the kernel's default.",
    .why =
        "Each open or TIME_WAIT connection to one address and port holds a local port, TIME_WAIT "
        "for 60 s. The range divided by 60 s is the number of new connections a second to one "
        "backend.",
    .fix =
        "Widen net.ipv4.ip_local_port_range, and reserve the ports that services listen on in "
        "net.ipv4.ip_local_reserved_ports. Keep-alive connections to the backend avoid the "
        "problem.",
    .source =
        "Documentation/networking/ip-sysctl.rst ip_local_port_range; net/ipv4/inet_hashtables.c; "
        "TOAST 2015 4.3",
    .reads = {"net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
              "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse_delay", "net.ipv4.tcp_timestamps"},
    .judges_values = true,
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::port_range_narrow
