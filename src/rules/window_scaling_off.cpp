#include "judge/findings.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::window_scaling_off {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_window_scaling";

std::vector<Finding> check(const AuditInput& input) {
  const auto running = input.host.number(kKey);
  if (!running) return {judge::about_key(judge::unknown(kKey, running.error()), kKey, input.host)};
  if (*running != 0) return {judge::key_passed(kKey, input.host, "It is on.")};
  Finding finding =
      judge::key_failed(Severity::error, kKey, input.host,
                        "It is off: no connection has more than 65,535 bytes under way.");
  finding.wanted = "1";
  if (const auto& buffers = input.host.sysctl("net.ipv4.tcp_rmem")) {
    finding.evidence = {{.source = "/proc/sys/net/ipv4/tcp_rmem",
                         .name = "net.ipv4.tcp_rmem",
                         .value = buffers->text,
                         .meaning = "bytes that the receive buffer could hold"}};
  }
  finding.fix = judge::set(kKey, "1");
  return {finding};
}

constexpr std::string_view kReads[] = {"net.ipv4.tcp_window_scaling", "net.ipv4.tcp_rmem"};

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "window-scaling-off",
    .what = "tcp_window_scaling is off.",
    .why =
        "Without window scaling a connection has at most 65,535 bytes under way in either "
        "direction, whatever the buffers are: 5 Mbit/s at 100 ms.",
    .fix = "Set net.ipv4.tcp_window_scaling = 1.",
    .source = "RFC 7323 2; TOAST 2015 3.2",
    .reads = kReads,
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::window_scaling_off
