#include <fmt/core.h>

#include "judge/findings.hpp"
#include "knowledge/constraints.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "read/port_list.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/units.hpp"

namespace tuner::rules::contradictory_settings {

namespace {

using Numbers = std::vector<std::int64_t>;

Finding unread(std::string_view key, const Unread& reason, const HostSnapshot& host) {
  return judge::about_key(judge::unknown({}, reason), key, host);
}

/// The kernel itself starts with a minimum above the default where pages are large (tcp_wmem on 64
/// KiB pages), so a minimum counts only where it is not the kernel's own.
bool is_own_minimum(std::string_view key, const Numbers& numbers, const HostSnapshot& host) {
  const auto comparison = judge::compare_with_default(*find_fact(key), numbers, host);
  return comparison.judged && numbers[0] <= comparison.expected.elements[0].high;
}

std::string order_problem(std::string_view key, const Numbers& numbers, const HostSnapshot& host) {
  const Fact& fact = *find_fact(key);
  if (numbers[1] > numbers[2]) {
    return fmt::format("Its {} {} is above its {} {}.", fact.elements[1], numbers[1],
                       fact.elements[2], numbers[2]);
  }
  if (numbers[0] > numbers[2]) {
    return fmt::format("Its {} {} is above its {} {}.", fact.elements[0], numbers[0],
                       fact.elements[2], numbers[2]);
  }
  if (numbers[0] > numbers[1] && !is_own_minimum(key, numbers, host)) {
    return fmt::format("Its {} {} is above its {} {}.", fact.elements[0], numbers[0],
                       fact.elements[1], numbers[1]);
  }
  return {};
}

void check_order(std::string_view key, const HostSnapshot& host, std::vector<Finding>& findings) {
  if (judge::machine_key_in_child(*find_fact(key), host)) return;
  const auto numbers = host.numbers(key);
  if (!numbers) {
    findings.push_back(unread(key, numbers.error(), host));
    return;
  }
  const std::string problem = order_problem(key, *numbers, host);
  if (problem.empty()) {
    findings.push_back(judge::key_passed(key, host, "Its elements are in order."));
    return;
  }
  Finding finding = judge::key_failed(Severity::warning, key, host, problem);
  const auto original = judge::default_text(*find_fact(key), host);
  finding.fix = original ? judge::set(key, *original, "the kernel's default")
                         : Fix{.kind = Fix::Kind::sysctl,
                               .text = fmt::format("Set {} in ascending order.", key)};
  findings.push_back(std::move(finding));
}

/// Without autotuning a receive buffer stays at the default, so the maximum has no meaning.
void check_autotuning(const HostSnapshot& host, std::vector<Finding>& findings) {
  constexpr std::string_view kKey = "net.ipv4.tcp_moderate_rcvbuf";
  const auto moderate = host.number(kKey);
  const auto buffers = host.numbers("net.ipv4.tcp_rmem");
  if (!moderate) {
    findings.push_back(unread(kKey, moderate.error(), host));
    return;
  }
  if (!buffers || constraints::kMaximumIsReached.holds_for({*moderate})) {
    findings.push_back(judge::key_passed(kKey, host, "Receive buffers grow up to tcp_rmem."));
    return;
  }
  Finding finding = judge::key_failed(
      Severity::warning, kKey, host,
      fmt::format("It is off: receive buffers stay at {} and never reach the {} of tcp_rmem.",
                  text::size(Bytes((*buffers)[1])), text::size(Bytes((*buffers)[2]))));
  finding.wanted = "1";
  finding.fix = judge::set(kKey, "1");
  findings.push_back(std::move(finding));
}

void check_reserved_ports(const HostSnapshot& host, std::vector<Finding>& findings) {
  constexpr std::string_view kKey = "net.ipv4.ip_local_reserved_ports";
  const auto range = host.numbers("net.ipv4.ip_local_port_range");
  const auto& reserved = host.sysctl(kKey);
  if (!range || !reserved || (*range)[0] > (*range)[1]) return;
  if ((*range)[0] < 0 || (*range)[1] > 65535) return;
  const auto list = parse::port_list(reserved->text);
  if (!list) {
    findings.push_back(unread(kKey, {Unread::Why::malformed, "no list of ports"}, host));
    return;
  }
  const std::int64_t ports = (*range)[1] - (*range)[0] + 1;
  const std::int64_t taken = ports_inside(*list, {(*range)[0], (*range)[1]});
  if (taken < ports) {
    findings.push_back(judge::key_passed(
        kKey, host, fmt::format("{} of {} local ports are reserved.", taken, ports)));
    return;
  }
  Finding finding = judge::key_failed(Severity::error, kKey, host,
                                      "All local ports are reserved: no connection can be opened.");
  finding.fix = {.kind = Fix::Kind::sysctl, .text = "Reserve fewer ports, or widen the range."};
  findings.push_back(std::move(finding));
}

void check_thresholds(const std::string& family, const HostSnapshot& host,
                      std::vector<Finding>& findings) {
  const std::string base = "net." + family + ".neigh.default.gc_thresh";
  const auto first = host.number(base + "1");
  const auto second = host.number(base + "2");
  const auto third = host.number(base + "3");
  if (!first || !second || !third) return;
  if (constraints::kThresholdsRise.holds_for({*first, *second, *third})) {
    findings.push_back(judge::key_passed(base + "3", host, "The three thresholds are in order."));
    return;
  }
  Finding finding =
      judge::key_failed(Severity::warning, base + "3", host,
                        fmt::format("The thresholds {}, {} and {} are not in ascending order.",
                                    *first, *second, *third));
  finding.fix = {.kind = Fix::Kind::sysctl, .text = "Set gc_thresh1, 2 and 3 in ascending order."};
  findings.push_back(std::move(finding));
}

/// A firewall that forgets a connection before its first keepalive probe cuts it in silence.
void check_conntrack_timeout(const HostSnapshot& host, std::vector<Finding>& findings) {
  constexpr std::string_view kKey = "net.netfilter.nf_conntrack_tcp_timeout_established";
  const auto timeout = host.number(kKey);
  const auto keepalive = host.number("net.ipv4.tcp_keepalive_time");
  if (!timeout || !keepalive) return;
  if (*timeout >= *keepalive) {
    findings.push_back(judge::key_passed(kKey, host, "It outlasts tcp_keepalive_time."));
    return;
  }
  Finding finding = judge::key_failed(
      Severity::warning, kKey, host,
      fmt::format("It is {} s, shorter than tcp_keepalive_time, {} s.", *timeout, *keepalive));
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = fmt::format("net.ipv4.tcp_keepalive_time below {}", *timeout)};
  findings.push_back(std::move(finding));
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const std::string_view key :
       {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_mem", "net.ipv4.udp_mem"}) {
    check_order(key, input.host, findings);
  }
  check_autotuning(input.host, findings);
  check_reserved_ports(input.host, findings);
  check_thresholds("ipv4", input.host, findings);
  check_thresholds("ipv6", input.host, findings);
  check_conntrack_timeout(input.host, findings);
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "contradictory-settings",
    .what = "Two settings contradict each other.",
    .why =
        "The kernel checks few settings against each other: it accepts a minimum above a maximum, "
        "and one flag can make another setting ineffective. The result is then what neither "
        "setting says.",
    .fix = "Set both so that they agree.",
    .source = "Documentation/networking/ip-sysctl.rst; order unchecked: measured on 6.18.44",
    .reads = {"net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_rmem",
              "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_local_port_range",
              "net.netfilter.nf_conntrack_tcp_timeout_established", "net.ipv4.tcp_keepalive_time",
              "net.ipv4.tcp_wmem", "net.ipv4.tcp_mem", "net.ipv4.udp_mem",
              "net.ipv4.neigh.default.gc_thresh1", "net.ipv4.neigh.default.gc_thresh2",
              "net.ipv4.neigh.default.gc_thresh3", "net.ipv6.neigh.default.gc_thresh1",
              "net.ipv6.neigh.default.gc_thresh2", "net.ipv6.neigh.default.gc_thresh3"},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::contradictory_settings
