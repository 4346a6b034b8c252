#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/reserve.hpp"
#include "knowledge/key_name.hpp"
#include "read/port_list.hpp"
#include "tuner/plan.hpp"
#include "tuner/ports.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::port_range_overlaps_listeners {

namespace {

constexpr const char* kKey = "net.ipv4.ip_local_port_range";

PortList tcp_ports(const std::vector<ListeningPort>& listening) {
  PortList ports;
  for (const ListeningPort& port : listening) {
    if (port.transport == Transport::tcp) ports.push_back({port.port, port.port});
  }
  return normalized(std::move(ports));
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto range = host.numbers(kKey);
  if (!range) return {judge::unknown(kKey, range.error())};
  const auto& reserved = host.sysctl(kReservedPorts);
  if (!reserved) return {judge::unknown(kKey, reserved.error())};
  if (!host.listening) return {judge::not_seen(kKey, host.listening.error(), host)};
  const PortList list = parse::port_list(reserved->text).value_or(PortList());
  const auto elsewhere = ports_without_listener(host);
  if (!elsewhere) return {judge::unknown(kKey, elsewhere.error())};
  const PortSpan span{(*range)[0], (*range)[1]};
  const PortList exposed =
      united(left_open(tcp_ports(*host.listening), span, list), left_open(*elsewhere, span, list));
  if (exposed.empty()) {
    return {judge::key_passed(kKey, host, "It excludes all service ports.")};
  }
  Finding finding =
      judge::key_failed(Severity::info, kKey, host,
                        fmt::format("It includes service ports: {}. While such a service restarts, "
                                    "an outgoing connection can take its port.",
                                    port_list_text(exposed)));
  finding.evidence = {{.source = "/proc/sys/net/ipv4/ip_local_reserved_ports",
                       .name = std::string(kReservedPorts),
                       .value = reserved->text,
                       .meaning = "ports that connect() skips"}};
  finding.fix = judge::set(kReservedPorts, port_list_text(united(list, exposed)),
                           "without ports that the kernel chose for a service");
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "port-range-overlaps-listeners",
    .what = "Services listen on ports that outgoing connections may use.",
    .why =
        "connect() chooses from net.ipv4.ip_local_port_range. A service whose port lies there and "
        "is "
        "not reserved can fail to start, with \"Address already in use\", because a connection got "
        "the port while it was down.",
    .fix =
        "List the ports in net.ipv4.ip_local_reserved_ports; bind() to them works as before. Leave "
        "out ports that the kernel itself chose for a service.",
    .source = "Documentation/networking/ip-sysctl.rst ip_local_reserved_ports; TOAST 2015 4.3",
    .reads = {kKey, "net.ipv4.ip_local_reserved_ports"},
    .check = check,
};

}  // namespace tuner::rules::port_range_overlaps_listeners
