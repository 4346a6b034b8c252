#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/level.hpp"
#include "judge/tcp_memory.hpp"
#include "judge/weigh.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::orphans_near_limit {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_max_orphans";
constexpr const char* kAborted = "TcpExt.TCPAbortOnMemory";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto limit = host.number(kKey);
  if (!limit && limit.error().why == Unread::Why::absent) {
    return {judge::skipped(kKey,
                           "The limit belongs to the initial namespace and is not visible here.")};
  }
  const auto level = judge::orphan_level(host);
  if (!level) return {judge::unknown(kKey, level.error())};
  const std::int64_t orphans = level->used;
  const std::int64_t aborted = host.counter(kAborted).value_or(0);
  auto severity = judge::weigh_fill(orphans, level->limit);
  const bool still_many = orphans >= level->limit / judge::threshold::kOrphanPenalty;
  if (judge::are_orphans_killed(host)) {
    const std::int64_t opened = judge::sum(host.counter("Tcp.ActiveOpens").value_or(0),
                                           host.counter("Tcp.PassiveOpens").value_or(0));
    const auto killed = judge::weigh(aborted, opened);
    severity =
        std::max(severity, still_many ? std::max<std::optional<Severity>>(killed, Severity::warning)
                                      : killed);
  }
  const std::string state =
      fmt::format("{} connections are orphaned: no process holds them. The limit is {}.",
                  text::grouped(orphans), text::grouped(level->limit));
  if (!severity) return {judge::key_passed(kKey, host, state)};
  Finding finding =
      judge::key_failed(*severity, kKey, host,
                        aborted > 0 ? fmt::format("{} {} were killed {}.", state,
                                                  text::grouped(aborted), text::counted_since(host))
                                    : state);
  finding.evidence = {
      {.source = "/proc/net/sockstat",
       .name = "TCP orphan",
       .value = std::to_string(orphans),
       .meaning = "closed by their process, data or FIN not yet acknowledged"},
      judge::counter_evidence(kAborted, aborted, "connections killed for memory or orphans")};
  finding.fix = judge::set(kKey, std::to_string(level->limit * 2),
                           "64 KiB each at worst (tcp_max_orphans in ip-sysctl.rst)");
  finding.fix.text = fmt::format(
      "{}Or lower net.ipv4.tcp_fin_timeout and tcp_orphan_retries, so that they go sooner.",
      still_many || aborted == 0 ? "" : "First see dmesg for \"too many orphaned sockets\". ");
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "orphans-near-limit",
    .what = "Connections without a process are near their limit, or above it.",
    .why =
        "A connection closed by its process stays until the peer has acknowledged all data and "
        "sent its FIN. Above the limit (a quarter of it for idle ones) the kernel resets them, and "
        "the peer loses the end of the data.",
    .fix =
        "Raise net.ipv4.tcp_max_orphans where memory allows, or let orphans go sooner with "
        "net.ipv4.tcp_fin_timeout and net.ipv4.tcp_orphan_retries.",
    .source =
        "net/ipv4/tcp.c tcp_check_oom(), tcp_too_many_orphans(); net/ipv4/tcp_timer.c "
        "tcp_out_of_resources(); Documentation/networking/ip-sysctl.rst tcp_max_orphans",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::orphans_near_limit
