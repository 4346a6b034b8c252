#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::reverse_path_drops {

namespace {

constexpr const char* kKey = "net.ipv4.conf.all.rp_filter";
constexpr const char* kDropped = "TcpExt.IPReversePathFilter";
constexpr std::int64_t kStrict = 1;

std::string filter_of(const HostSnapshot& host) {
  const auto mode = host.number(kKey);
  if (!mode) return {};
  if (*mode == kStrict) return " The filter is strict (1) on every interface that is not loose.";
  if (*mode == 0)
    return " conf.all is off (0): an interface's own rp_filter did it, or it was on before.";
  return " The filter is loose (2): there is no route at all to those senders.";
}

/// Where conf.all is loose, so is every interface: the larger of the two counts.
Fix fix_for(const HostSnapshot& host) {
  constexpr std::int64_t kLoose = 2;
  constexpr std::string_view kLog = " net.ipv4.conf.all.log_martians = 1 logs who sends them.";
  if (host.number(kKey).value_or(kStrict) == kLoose) {
    return {.kind = Fix::Kind::route,
            .text = fmt::format("Add a route back to those senders, if they are wanted.{}", kLog)};
  }
  return {
      .kind = Fix::Kind::sysctl,
      .text = fmt::format(
          "net.ipv4.conf.INTERFACE.rp_filter = 2 where packets may come in by another "
          "interface than answers leave by, or a route back by that interface. Not 0 for all.{}",
          kLog)};
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto loss = judge::weigh_counters(host, {kDropped}, {"Ip.InReceives"});
  if (!loss) return {judge::unknown(kKey, loss.error())};
  if (!loss->severity) {
    return {judge::key_passed(kKey, host, "The reverse path filter dropped no packet.")};
  }
  Finding finding =
      judge::key_failed(*loss->severity, kKey, host,
                        fmt::format("The reverse path filter dropped {} packets.{}",
                                    text::share(loss->lost, loss->all), filter_of(host)));
  finding.evidence = judge::evidence_of(host, {kDropped, "Ip.InReceives"});
  finding.fix = fix_for(host);
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "reverse-path-drops",
    .what = "The reverse path filter dropped packets.",
    .why =
        "With rp_filter = 1 a packet is dropped unless the route back to its sender uses the "
        "interface it arrived on. On hosts with several uplinks, tunnels or policy routing that "
        "drops good traffic, and nothing is logged.",
    .fix =
        "Set rp_filter to 2 (loose) on the interfaces where paths differ, or route the answers the "
        "same way. The larger of conf.all and the interface's own value counts.",
    .source =
        "net/ipv4/fib_frontend.c __fib_validate_source(), -EXDEV; net/ipv4/ip_input.c "
        "ip_rcv_finish_core(), LINUX_MIB_IPRPFILTER; RFC 3704",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::reverse_path_drops
