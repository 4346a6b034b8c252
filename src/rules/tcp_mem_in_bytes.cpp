#include <fmt/core.h>

#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::tcp_mem_in_bytes {

namespace {

Finding judge_memory(const char* key, const HostSnapshot& host) {
  const auto pages = host.numbers(key);
  if (!pages) return judge::about_key(judge::unknown(key, pages.error()), key, host);
  if (!host.page_size) return judge::unknown(key, host.page_size.error());
  if (!host.memory) return judge::unknown(key, host.memory.error());
  const Fact& fact = *find_fact(key);
  const std::string limit = judge::with_size(fact, (*pages)[2], host);
  if (!judge::exceeds_memory(key, host)) {
    return judge::key_passed(key, host, fmt::format("Its limit is {}.", limit));
  }
  Finding finding = judge::key_failed(
      Severity::error, key, host,
      fmt::format("It is counted in pages, not bytes: as set, the limit is {}, on a host with {}.",
                  limit, text::size(*host.memory)));
  finding.evidence = {{.source = "/proc/meminfo",
                       .name = "MemTotal",
                       .value = fmt::format("{} KiB", host.memory->count() / 1024),
                       .meaning = "memory of this host"}};
  finding.wanted = judge::default_text(fact, host);
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = fmt::format("Remove {} from the sysctl files and reboot.", key),
                 .takes_lines_out = true};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const char* const key : {"net.ipv4.tcp_mem", "net.ipv4.udp_mem"}) {
    if (judge::machine_key_in_child(*find_fact(key), input.host)) continue;
    findings.push_back(judge_memory(key, input.host));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "tcp-mem-in-bytes",
    .what = "tcp_mem or udp_mem holds bytes where the kernel counts pages.",
    .why =
        "The limit exceeds the memory of the machine, so there is no limit: buffers can grow until "
        "the machine is out of memory. It happens when a size in bytes is written to a key that "
        "counts pages.",
    .fix = "Remove the key from the sysctl files and reboot: the kernel sizes it from memory.",
    .source =
        "Documentation/networking/ip-sysctl.rst tcp_mem; net/ipv4/tcp.c tcp_init_mem(); TOAST 2015 "
        "3.3",
    .reads = {"net.ipv4.tcp_mem", "net.ipv4.udp_mem"},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::tcp_mem_in_bytes
