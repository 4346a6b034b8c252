#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::fragments_lost {

namespace {

struct Family {
  std::string_view subject;
  const char* key;
  std::string_view failed;
  std::string_view asked;
  std::string_view timed_out;
};

constexpr Family kFamilies[] = {
    {"IPv4", "net.ipv4.ipfrag_high_thresh", "Ip.ReasmFails", "Ip.ReasmReqds", "Ip.ReasmTimeout"},
    {"IPv6", "net.ipv6.ip6frag_high_thresh", "Ip6.ReasmFails", "Ip6.ReasmReqds",
     "Ip6.ReasmTimeout"},
};

/// Why datagrams were not put together, where the numbers tell: a missing fragment ends in a
/// timeout, full memory does not.
enum class Cause { memory_full_now, missing_on_the_way, memory_or_damage };

Cause cause_of(const Family& family, std::int64_t failed, const HostSnapshot& host) {
  const auto limit = host.number(family.key);
  const bool is_v4 = &family == &kFamilies[0];
  if (is_v4 && host.sockets && limit &&
      judge::weigh_fill(host.sockets->fragment_memory.count(), *limit)) {
    return Cause::memory_full_now;
  }
  const std::int64_t timed_out = host.counter(family.timed_out).value_or(0);
  return timed_out >= failed / 2 ? Cause::missing_on_the_way : Cause::memory_or_damage;
}

std::string describe(Cause cause, const Family& family, const HostSnapshot& host) {
  switch (cause) {
    case Cause::memory_full_now:
      return fmt::format(" The memory for fragments is full: {} of {} bytes.",
                         text::grouped(host.sockets->fragment_memory.count()),
                         text::grouped(host.number(family.key).value_or(0)));
    case Cause::missing_on_the_way:
      return " The missing fragments did not arrive in time. This is not a sysctl problem.";
    case Cause::memory_or_damage:
      break;
  }
  const std::int64_t timed_out = host.counter(family.timed_out).value_or(0);
  return fmt::format(" {}: the memory for fragments was full, or the pieces did not fit together.",
                     timed_out == 0 ? std::string("No fragment went missing")
                                    : text::grouped(timed_out) + " timed out, most did not");
}

Fix fix_for(Cause cause, const Family& family, const HostSnapshot& host) {
  if (cause == Cause::missing_on_the_way) {
    return {
        .kind = Fix::Kind::application,
        .text = "Find out where packets are lost, and send datagrams that need no fragmentation."};
  }
  const Fact* const fact = find_fact(family.key);
  const auto running = host.number(family.key);
  const bool lowered =
      fact != nullptr && running && judge::compare_with_default(*fact, {*running}, host).below;
  const auto original = lowered ? judge::exact_default(*fact, host) : std::nullopt;
  if (original) {
    Fix fix = judge::set(family.key, *original, "the kernel's default");
    fix.text =
        "Remove the line that lowers it, and send smaller datagrams: one that fits into a packet "
        "needs no memory here.";
    return fix;
  }
  return {
      .kind = Fix::Kind::sysctl,
      .text = fmt::format(
          "Raise {}, and send smaller datagrams: one that fits into a packet needs no memory here.",
          family.key)};
}

std::optional<Finding> judge_family(const Family& family, const HostSnapshot& host) {
  const auto loss = judge::weigh_counters(host, {family.failed}, {family.asked});
  if (!loss) return std::nullopt;
  if (!loss->severity) return std::nullopt;
  const Cause cause = cause_of(family, loss->lost, host);
  const Severity severity = cause == Cause::missing_on_the_way
                                ? std::min(*loss->severity, Severity::warning)
                                : *loss->severity;
  Finding finding = judge::failed(
      severity, std::string(family.subject),
      fmt::format("{} fragments were lost: their datagrams could not be reassembled.{}",
                  text::share(loss->lost, loss->all), describe(cause, family, host)));
  if (host.number(family.key)) finding = judge::about_key(std::move(finding), family.key, host);
  finding.subject = family.subject;
  finding.evidence = judge::evidence_of(host, {family.failed, family.asked, family.timed_out});
  finding.fix = fix_for(cause, family, host);
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto asked = judge::sum_of(host, {"Ip.ReasmReqds", "Ip6.ReasmReqds"});
  if (!asked) return {judge::unknown("fragments", asked.error())};
  std::vector<Finding> findings;
  for (const Family& family : kFamilies) {
    if (auto finding = judge_family(family, host)) findings.push_back(std::move(*finding));
  }
  if (findings.empty()) {
    findings.push_back(judge::passed(
        "fragments", *asked == 0 ? "No fragments received." : "All fragments were reassembled."));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "fragments-lost",
    .what = "Fragments were lost: their datagrams could not be reassembled.",
    .why =
        "One lost fragment costs the whole datagram. Fragments wait in memory for the others, up "
        "to "
        "ipfrag_high_thresh for all of a namespace; above it new ones are dropped, and after "
        "ipfrag_time the incomplete ones.",
    .fix =
        "Send datagrams that fit into a packet. Leave ipfrag_high_thresh at the kernel's 4 MiB or "
        "above; a lower value lets a few bad senders starve all others.",
    .source =
        "net/ipv4/ip_fragment.c ip_defrag(), ip_expire(); net/ipv4/inet_fragment.c "
        "inet_frag_find(); net/ipv6/reassembly.c; RFC 8900",
    .reads = {"net.ipv4.ipfrag_high_thresh", "net.ipv6.ip6frag_high_thresh"},
    .check = check,
};

}  // namespace tuner::rules::fragments_lost
