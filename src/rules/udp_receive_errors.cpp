#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::udp_receive_errors {

namespace {

constexpr judge::FamilyCounters kFamilies[] = {{"Udp.RcvbufErrors", "Udp.InDatagrams"},
                                               {"Udp6.RcvbufErrors", "Udp6.InDatagrams"}};

Fix fix_in_general() {
  return {.kind = Fix::Kind::application,
          .text =
              "Make it read faster, or let it request a larger buffer with SO_RCVBUF, up to "
              "net.core.rmem_max; net.core.rmem_default is for sockets that do not."};
}

std::string held_by(const UdpDrops& socket) {
  return socket.owner ? fmt::format(" {} holds it.", judge::owner_name(socket.owner))
                      : std::string();
}

/// What a buffer is, and may be made: in a child namespace before 6.11 nothing tells.
void add_sizes(const HostSnapshot& host, std::vector<Evidence>& evidence) {
  for (const auto& [key, meaning] :
       {std::pair("net.core.rmem_default", "bytes, for a socket that does not set SO_RCVBUF"),
        std::pair("net.core.rmem_max",
                  "bytes, the most that SO_RCVBUF may request; twice that is allocated")}) {
    const auto number = host.number(key);
    if (!number) continue;
    std::string path = key;
    std::replace(path.begin(), path.end(), '.', '/');
    evidence.push_back({.source = "/proc/sys/" + path,
                        .name = key,
                        .value = std::to_string(*number),
                        .meaning = meaning});
  }
}

/// How many datagrams a single socket got is not counted, so no socket's loss is more than a
/// warning.
Finding about(const UdpDrops& socket, std::int64_t received, const HostSnapshot& host) {
  const Severity severity = judge::weigh(socket.drops, received).value_or(Severity::info);
  Finding finding = judge::failed(
      std::min(severity, Severity::warning), endpoint_text(socket.local.address, socket.local.port),
      fmt::format("It dropped {}: its receive buffer was full.{}",
                  text::plural(socket.drops, "datagram", "datagrams"), held_by(socket)));
  finding.evidence = {
      {.source = socket.local.address.is_ipv4() ? "/proc/net/udp" : "/proc/net/udp6",
       .name = "drops",
       .value = std::to_string(socket.drops),
       .meaning = host.sampled_for ? text::counted_since(host) : "since the socket was created"}};
  add_sizes(host, finding.evidence);
  finding.fix = fix_in_general();
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_families(host, kFamilies);
  if (!loss) return {judge::unknown("UDP", loss.error())};
  std::vector<Finding> findings;
  if (host.udp_drops) {
    for (const UdpDrops& socket : *host.udp_drops) {
      const auto& family = kFamilies[socket.local.address.is_ipv4() ? 0 : 1];
      const auto all = judge::sum_of(host, {family.lost, family.done});
      findings.push_back(about(socket, all.value_or(loss->all), host));
    }
  }
  if (!findings.empty()) return findings;
  if (!loss->severity)
    return {judge::passed("UDP", "No datagram was dropped at a full receive buffer.")};
  Finding finding = judge::failed(
      *loss->severity, "UDP",
      fmt::format(
          "{} datagrams were dropped at full receive buffers of sockets that are closed now.",
          text::share(loss->lost, loss->all)));
  finding.evidence = judge::evidence_of(host, {kFamilies[0].lost, kFamilies[1].lost});
  finding.fix = fix_in_general();
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "udp-receive-errors",
    .what = "Datagrams were dropped because a UDP socket's receive buffer was full.",
    .why =
        "UDP has no flow control: what arrives while the buffer is full is lost. The counters are "
        "sums over all IPv4 and IPv6 sockets, including closed ones; each socket counts its own "
        "drops as well.",
    .fix =
        "Make the program read faster or with more threads. A larger buffer only absorbs bursts: "
        "SO_RCVBUF up to net.core.rmem_max, or net.core.rmem_default for sockets that do not set "
        "it.",
    .source =
        "net/ipv4/udp.c __udp_enqueue_schedule_skb(), net/ipv6/udp.c; /proc/net/udp, last column",
    .reads = {"net.core.rmem_default", "net.core.rmem_max"},
    .check = check,
};

}  // namespace tuner::rules::udp_receive_errors
