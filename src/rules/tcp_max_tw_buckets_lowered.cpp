#include <fmt/core.h>

#include "judge/findings.hpp"
#include "judge/level.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_max_tw_buckets_lowered {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_max_tw_buckets";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto running = host.number(kKey);
  if (!running) return {judge::about_key(judge::unknown(kKey, running.error()), kKey, host)};
  const Fact& fact = *find_fact(kKey);
  const auto comparison = judge::compare_with_default(fact, {*running}, host);
  if (!comparison.judged) return {judge::unknown(kKey, {Unread::Why::malformed, "memory unknown"})};
  if (!comparison.below) {
    return {judge::key_passed(kKey, host, "It is not below the kernel's default.")};
  }
  const std::int64_t chosen = comparison.expected.elements.front().low;
  Finding finding =
      judge::key_failed(Severity::warning, kKey, host,
                        fmt::format("It is {}; this kernel chose {}.", *running, chosen));
  finding.wanted = std::to_string(chosen);
  if (const auto level = judge::time_wait_level(host)) {
    finding.evidence = {{.source = "/proc/net/sockstat",
                         .name = "TCP tw",
                         .value = std::to_string(level->used),
                         .meaning = "sockets in TIME_WAIT now"}};
  }
  finding.fix = judge::set(kKey, std::to_string(chosen));
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-max-tw-buckets-lowered",
    .what = "tcp_max_tw_buckets is below this kernel's default.",
    .why =
        "Connections beyond it are closed without TIME_WAIT, which protects the next connection "
        "from late segments of the last one. The kernel's documentation says that it must not be "
        "lowered. A TIME_WAIT socket costs 256 bytes; fewer of them gain nothing.",
    .fix = "Remove net.ipv4.tcp_max_tw_buckets from the sysctl files.",
    .source = "Documentation/networking/ip-sysctl.rst tcp_max_tw_buckets; net/ipv4/tcp_ipv4.c",
    .reads = {kKey},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::tcp_max_tw_buckets_lowered
