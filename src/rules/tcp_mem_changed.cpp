#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/joined.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_mem_changed {

namespace {

std::string describe(const Fact& fact, const std::vector<std::int64_t>& pages,
                     const HostSnapshot& host) {
  return fmt::format("It is {} pages; the limit is {}.", text::joined(pages, " "),
                     judge::with_size(fact, pages[2], host));
}

Finding judge_memory(const char* key, const HostSnapshot& host) {
  const auto pages = host.numbers(key);
  const Fact& fact = *find_fact(key);
  if (!pages) return judge::about_key(judge::unknown(key, pages.error()), key, host);
  const auto comparison = judge::compare_with_default(fact, *pages, host);
  if (!comparison.judged) {
    const Unread& reason = host.page_size ? host.memory.error() : host.page_size.error();
    return judge::about_key(judge::unknown(key, reason), key, host);
  }
  if (!comparison.below && !comparison.above && judge::has_boot_shape(*pages)) {
    return judge::key_passed(key, host, describe(fact, *pages, host));
  }
  Finding finding = judge::key_failed(
      Severity::warning, key, host,
      describe(fact, *pages, host) + " That is not what the kernel chose at boot.");
  finding.evidence = {
      {.source = "/proc/meminfo",
       .name = "MemTotal",
       .value = std::to_string(host.memory->count() / 1024),
       .meaning = fmt::format("memory in KiB; the kernel would choose about {} pages",
                              judge::default_text(fact, host).value_or(""))}};
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = fmt::format("Remove {} from the sysctl files and reboot.", key),
                 .takes_lines_out = true};
  return finding;
}

bool is_set_by_profile(std::string_view key, const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, key);
  return demand != nullptr && demand->kind != Demand::Kind::untouched;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const char* const key : {"net.ipv4.tcp_mem", "net.ipv4.udp_mem"}) {
    if (judge::machine_key_in_child(*find_fact(key), input.host)) {
      findings.push_back(judge::about_key(
          judge::skipped(key, "It does not exist in this namespace: the machine has one value."),
          key, input.host));
    } else if (is_set_by_profile(key, input)) {
      findings.push_back(judge::about_key(
          judge::skipped(key, "The profile sets it, so it is judged by the profile."), key,
          input.host));
    } else if (!judge::exceeds_memory(key, input.host)) {
      findings.push_back(judge_memory(key, input.host));
    }
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-mem-changed",
    .what = "tcp_mem or udp_mem is not what the kernel sized at boot.",
    .why =
        "The kernel sizes it from the memory free at boot: TCP's memory pressure starts at 1/16 of "
        "it. The unit is pages. Larger values let sockets take memory from everything else; "
        "smaller ones drop data early.",
    .fix = "Remove the key from the sysctl files and reboot.",
    .source = "net/ipv4/tcp.c tcp_init_mem(); net/ipv4/udp.c udp_init(); TOAST 2015 3.3",
    .reads = {"net.ipv4.tcp_mem", "net.ipv4.udp_mem"},
    .check = check,
};

}  // namespace tuner::rules::tcp_mem_changed
