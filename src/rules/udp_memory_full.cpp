#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::udp_memory_full {

namespace {

constexpr const char* kKey = "net.ipv4.udp_mem";
constexpr std::string_view kLost[] = {"Udp.MemErrors", "Udp6.MemErrors"};

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_counters(
      host, kLost, {"Udp.InDatagrams", "Udp6.InDatagrams", "Udp.MemErrors", "Udp6.MemErrors"});
  if (!loss) return {judge::unknown(kKey, loss.error())};
  if (!loss->severity) {
    return {judge::key_passed(kKey, host, "UDP had memory for every datagram.")};
  }
  Finding finding = judge::key_failed(
      *loss->severity, kKey, host,
      fmt::format("{} datagrams were dropped because the memory for all UDP sockets was used up.",
                  text::share(loss->lost, loss->all)));
  finding.evidence = judge::evidence_of(host, kLost);
  if (host.sockets) {
    const std::int64_t pages = host.sockets->udp_memory.count();
    finding.evidence.push_back(
        {.source = "/proc/net/sockstat",
         .name = "UDP mem",
         .value = std::to_string(pages),
         .meaning = judge::with_size(*find_fact(kKey), pages, host) + " in use on the machine"});
  }
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "Find the sockets that hold it (ss -uam, r in skmem) and make their programs "
                     "read faster. The third number of net.ipv4.udp_mem is the limit, in pages."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "udp-memory-full",
    .what = "Datagrams were dropped because UDP used up its memory.",
    .why =
        "net.ipv4.udp_mem limits the receive queues of all UDP sockets of the machine together. "
        "Above its third number a datagram is dropped, however empty its own socket is.",
    .fix =
        "Find out what holds the memory: sockets with large buffers that are not read. Raise "
        "net.ipv4.udp_mem only where the memory is needed; it counts pages.",
    .source =
        "net/ipv4/udp.c __udp_enqueue_schedule_skb(), UDP_MIB_MEMERRORS (5.11); net/ipv6/udp.c",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::udp_memory_full
