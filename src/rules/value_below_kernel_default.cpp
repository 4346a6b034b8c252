#include <fmt/core.h>
#include <algorithm>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "knowledge/constraints.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::value_below_kernel_default {

namespace {

/// Keys whose lowering has a name of its own.
bool has_own_rule(std::string_view key) {
  return key == "net.ipv4.tcp_max_tw_buckets" || key == "net.ipv4.tcp_mem" ||
         key == "net.ipv4.udp_mem";
}

/// net/ipv4/tcp_input.c tcp_conn_request() asks it only where net.ipv4.tcp_syncookies is 0.
bool is_idle(const Fact& fact, const HostSnapshot& host) {
  return fact.key == "net.ipv4.tcp_max_syn_backlog" &&
         host.number("net.ipv4.tcp_syncookies").value_or(0) > 0;
}

std::string below_message(const Fact& fact, const judge::DefaultComparison& comparison,
                          const std::vector<std::int64_t>& running, const HostSnapshot& host) {
  std::vector<std::string> parts;
  for (std::size_t index = 0; index < running.size(); ++index) {
    const auto& expected = comparison.expected.elements[index];
    if (running[index] >= expected.low) continue;
    const std::string name =
        fact.elements.empty() ? "It" : "Its " + std::string(fact.elements[index]);
    const char* const about = expected.low == expected.high ? "" : "at least ";
    parts.push_back(fmt::format("{} is {}; this kernel's default is {}{}.", name,
                                judge::with_size(fact, running[index], host), about, expected.low));
  }
  return parts.empty() ? "It is below the kernel's default." : text::joined(parts, " ");
}

/// The running value with each element that is too low raised to the default; the default where the
/// others stand in the way of that.
std::string raised(const std::vector<std::int64_t>& running,
                   const judge::DefaultComparison& comparison) {
  std::vector<std::int64_t> result = running;
  for (std::size_t index = 0; index < running.size(); ++index) {
    result[index] = std::max(running[index], comparison.expected.elements[index].low);
  }
  if (first_fall(result)) {
    for (std::size_t index = 0; index < result.size(); ++index) {
      result[index] = comparison.expected.elements[index].low;
    }
  }
  return text::joined(result, " ");
}

/// What the profile would make of the key too, so that both come to one fix.
std::string wanted_of(const Fact& fact, const std::vector<std::int64_t>& running,
                      const judge::DefaultComparison& comparison, const AuditInput& input) {
  const Demand* const demand = judge::demand_on(input, fact.key);
  if (demand != nullptr && demand->kind == Demand::Kind::at_least) {
    const auto judgement = judge::judge(*demand, input.host);
    if (judgement.verdict == judge::Verdict::unmet) return judgement.wanted;
  }
  return raised(running, comparison);
}

Finding judge_key(const Fact& fact, const std::vector<std::int64_t>& running,
                  const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto comparison = judge::compare_with_default(fact, running, host);
  if (!comparison.judged) {
    if (!host.memory)
      return judge::about_key(judge::unknown({}, host.memory.error()), fact.key, host);
    if (!host.page_size) {
      return judge::about_key(judge::unknown({}, host.page_size.error()), fact.key, host);
    }
    return judge::about_key(judge::skipped({}, "The default on this architecture is unknown."),
                            fact.key, host);
  }
  if (!comparison.below) return judge::key_passed(fact.key, host, "It is not below the default.");
  Finding finding = judge::key_failed(Severity::warning, fact.key, host,
                                      below_message(fact, comparison, running, host));
  if (is_idle(fact, host)) {
    finding.severity = Severity::info;
    finding.message +=
        " With SYN cookies on it has no effect: the listener's backlog bounds the SYN queue.";
  }
  finding.wanted = wanted_of(fact, running, comparison, input);
  finding.source = fact.source;
  finding.fix = judge::set(fact.key, *finding.wanted);
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const Fact* const fact : all_facts()) {
    const bool more_is_room = fact->more == More::is_more_room && fact->scope != Scope::process;
    if (!more_is_room || fact->default_rule == nullptr || has_own_rule(fact->key)) continue;
    if (judge::machine_key_in_child(*fact, input.host)) continue;
    const auto running = input.host.numbers(fact->key);
    if (running) {
      findings.push_back(judge_key(*fact, *running, input));
    } else if (running.error().why != Unread::Why::absent) {
      findings.push_back(
          judge::about_key(judge::unknown({}, running.error()), fact->key, input.host));
    }
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "value-below-kernel-default",
    .what = "A value is below this kernel's default.",
    .why =
        "Kernels have raised their defaults over the years. A value from an old article or an old "
        "sysctl file then lowers the limit instead of raising it.",
    .fix = "Remove the key from the sysctl files and reboot, or set the default.",
    .source = "the default rule of the key: tuner explain KEY",
    .reads = {"net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_mem", "net.ipv4.udp_mem"},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::value_below_kernel_default
