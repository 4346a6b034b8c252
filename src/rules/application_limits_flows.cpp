#include <fmt/core.h>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/limited_flows.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::application_limits_flows {

namespace {

constexpr std::string_view kSubject = "TCP connections";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (auto finding = judge::flows_not_judged(kSubject, host)) return {*finding};
  const auto limited = judge::limited_flows(host, LimitedBy::application);
  const auto severity = judge::weigh_flows(limited);
  // A program that sends what it has is as it should be: worth a word where it is most of the data.
  if (severity != Severity::warning) {
    return {judge::passed(std::string(kSubject), "Most of the data does not wait for a program.")};
  }
  const FlowLimit& largest = limited.flows.front();
  Finding finding = judge::failed(Severity::info, std::string(kSubject),
                                  fmt::format("{} {} This is not a sysctl problem.",
                                              largest.because, judge::flows_text(limited, host)));
  finding.evidence = largest.evidence;
  finding.fix = {.kind = Fix::Kind::application,
                 .text = fmt::format("If the transfer is too slow, look at {}: its disk, its "
                                     "processors, its other connections.",
                                     judge::owner_name(largest.flow->owner))};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "application-limits-flows",
    .what = "Connections that move data wait for a program, not for the network.",
    .why =
        "The program writes less than the connection could carry, or does not read what came. "
        "Larger buffers change nothing then, and a full receive buffer looks to the peer like a "
        "small one.",
    .fix = "This is not a sysctl problem: look at the program, and at what it waits for.",
    .source =
        "net/ipv4/tcp.c tcp_get_info(), tcpi_notsent_bytes and tcpi_busy_time; tuner sockets "
        "--by limit",
    .reads = {"net.ipv4.tcp_wmem", "net.ipv4.tcp_rmem"},
    .check = check,
};

}  // namespace tuner::rules::application_limits_flows
