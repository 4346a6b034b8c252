#include <fmt/core.h>

#include <algorithm>

#include "judge/findings.hpp"
#include "judge/tcp_memory.hpp"
#include "judge/weigh.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_memory_pressure {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_mem";
constexpr const char* kPressures = "TcpExt.TCPMemoryPressures";
constexpr const char* kAborted = "TcpExt.TCPAbortOnMemory";

Evidence memory_evidence(const HostSnapshot& host) {
  const Fact& fact = *find_fact(kKey);
  const std::int64_t pages = host.sockets ? judge::tcp_memory_in_use(host).count() : 0;
  return {.source = "/proc/net/sockstat",
          .name = "TCP mem",
          .value = std::to_string(pages),
          .meaning = judge::with_size(fact, pages, host) + " in use on the machine"};
}

/// Whether somebody gave TCP less than the kernel sized at boot.
bool is_limit_lowered(const HostSnapshot& host) {
  const auto pages = host.numbers(kKey);
  if (!pages) return false;
  const auto comparison = judge::compare_with_default(*find_fact(kKey), *pages, host);
  return comparison.judged && comparison.below;
}

std::string describe(const HostSnapshot& host, std::int64_t pressures, std::int64_t aborted) {
  if (judge::is_tcp_pressed(host))
    return "TCP is now above its pressure threshold: buffers do not grow.";
  if (pressures > 0) {
    return fmt::format("TCP came under memory pressure {}.",
                       text::plural(pressures, "time", "times"));
  }
  return fmt::format("TCP killed {} closing connections: too little memory, or too many orphans.",
                     text::grouped(aborted));
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto pressures = host.counter(kPressures);
  const auto aborted = host.counter(kAborted);
  const auto active = host.counter("Tcp.ActiveOpens");
  const auto passive = host.counter("Tcp.PassiveOpens");
  if (!pressures) return {judge::unknown(kKey, pressures.error())};
  if (!aborted) return {judge::unknown(kKey, aborted.error())};
  if (!host.sockets) return {judge::unknown(kKey, host.sockets.error())};
  const std::int64_t opened = judge::sum(active.value_or(0), passive.value_or(0));
  const std::int64_t killed = judge::are_orphans_killed(host) ? 0 : *aborted;
  auto severity = judge::weigh(std::max(*pressures, killed), opened);
  if (judge::is_tcp_pressed(host)) severity = Severity::error;
  if (!severity) return {judge::key_passed(kKey, host, "TCP did not run short of memory.")};
  Finding finding = judge::key_failed(*severity, kKey, host, describe(host, *pressures, *aborted));
  finding.evidence = {
      judge::counter_evidence(kPressures, *pressures,
                              "entries into memory pressure, " + text::counted_since(host)),
      judge::counter_evidence(kAborted, *aborted, "connections killed for memory or orphans"),
      memory_evidence(host)};
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "See dmesg: \"too many orphaned sockets\" refers to net.ipv4.tcp_max_orphans, "
                     "\"out of memory\" to tcp_mem. ss -tm shows which sockets hold the memory."};
  if (is_limit_lowered(host)) {
    finding.fix = {.kind = Fix::Kind::sysctl,
                   .text = "First fix tcp-mem-changed: the limit is below what the kernel chose."};
  }
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-memory-pressure",
    .what = "TCP ran into its memory limit.",
    .why =
        "Above the pressure threshold of tcp_mem buffers stop growing, and above its limit data "
        "and orphaned connections are dropped. It is machine-wide: one namespace can affect all "
        "others.",
    .fix =
        "Find out what holds the memory: slow readers, or too large a maximum in tcp_rmem and "
        "tcp_wmem for the number of connections. tcp_mem follows the memory of the machine.",
    .source =
        "net/ipv4/tcp.c tcp_enter_memory_pressure(), tcp_check_oom(); net/core/sock.c "
        "__sk_mem_raise_allocated()",
    .reads = {kKey, "net.ipv4.tcp_max_orphans"},
    .check = check,
};

}  // namespace tuner::rules::tcp_memory_pressure
