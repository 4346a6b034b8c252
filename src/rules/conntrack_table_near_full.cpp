#include <fmt/core.h>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "judge/level.hpp"
#include "judge/weigh.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/thresholds.hpp"
#include "model/number.hpp"
#include "text/human.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/units.hpp"

namespace tuner::rules::conntrack_table_near_full {

namespace {

constexpr const char* kMax = "net.netfilter.nf_conntrack_max";
constexpr const char* kBuckets = "net.netfilter.nf_conntrack_buckets";
constexpr const char* kCount = "net.netfilter.nf_conntrack_count";
/// An nf_conn (256 bytes of slab, measured on 6.18), and what NAT, events or accounting add
/// (NF_CT_EXT_PREALLOC of nf_conntrack_extend.c).
constexpr std::int64_t kBytesEach = 256 + 128;

/// `early_drop` counts unanswered connections that went for a new one: the table was full, and
/// nothing was lost yet.
struct Losses {
  std::int64_t dropped = 0;
  std::int64_t evicted = 0;

  [[nodiscard]] std::optional<Severity> severity() const {
    if (dropped >= judge::threshold::kLeastEvents) return Severity::warning;
    if (dropped > 0 || evicted > 0) return Severity::info;
    return std::nullopt;
  }

  [[nodiscard]] std::string describe(const std::string& since) const {
    if (dropped > 0) {
      return fmt::format(" {} {} dropped {}.",
                         text::plural(dropped, "packet of a new one", "packets of new ones"),
                         dropped == 1 ? "was" : "were", since);
    }
    if (evicted == 0) return {};
    return fmt::format(" {} that had no answer yet were evicted for new ones {}.",
                       text::grouped(evicted), since);
  }
};

Losses losses_of(const HostSnapshot& host) {
  if (!host.conntrack) return {};
  return {.dropped = judge::dropped_by_conntrack(host), .evicted = host.conntrack->early_drop};
}

/// Twice the limit, and no less than this kernel's own.
Fix fix_for(std::int64_t limit, const HostSnapshot& host) {
  const auto original = parse::integer(judge::exact_default(*find_fact(kMax), host).value_or(""));
  const std::int64_t wanted = std::max(limit * 2, original.value_or(0));
  const auto memory = checked_multiply(Bytes(kBytesEach), wanted);
  Fix fix = judge::set(kMax, std::to_string(wanted),
                       fmt::format("up to {} when full", memory ? text::size(*memory) : "much"));
  fix.text = "What needs no state can bypass it with notrack.";
  if (host.number(kBuckets).value_or(wanted) < wanted) {
    fix.settings.push_back({kBuckets, std::to_string(wanted)});
  }
  return fix;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto limit = host.number(kMax);
  if (!limit && limit.error().why == Unread::Why::absent) {
    return {judge::skipped(kMax, "Connections are not tracked: nf_conntrack is not loaded.")};
  }
  const auto level = judge::conntrack_level(host);
  if (!level) return {judge::unknown(kMax, level.error())};
  const Losses losses = losses_of(host);
  const std::string state = fmt::format("{} of at most {} connections are tracked.",
                                        text::grouped(level->used), text::grouped(level->limit));
  auto severity = judge::weigh_fill(level->used, level->limit);
  severity = std::max(severity, losses.severity());
  if (!severity) return {judge::key_passed(kMax, host, state)};
  Finding finding =
      judge::key_failed(*severity, kMax, host, state + losses.describe(text::counted_since(host)));
  finding.evidence = {{.source = "/proc/sys/net/netfilter/nf_conntrack_count",
                       .name = kCount,
                       .value = std::to_string(level->used),
                       .meaning = "connections tracked now"},
                      {.source = "/proc/net/stat/nf_conntrack",
                       .name = "drop",
                       .value = std::to_string(losses.dropped),
                       .meaning = "packets dropped, without clashes (insert_failed)"},
                      {.source = "/proc/net/stat/nf_conntrack",
                       .name = "early_drop",
                       .value = std::to_string(losses.evicted),
                       .meaning = "entries evicted for new ones because the table was full"}};
  finding.fix = fix_for(level->limit, host);
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "conntrack-table-near-full",
    .what = "The table of tracked connections is nearly full, or was.",
    .why =
        "A packet of a new connection that finds the table full is dropped, in both directions: "
        "send() fails with EPERM here, clients see nothing. Closed connections stay in it for two "
        "minutes (TIME_WAIT), established ones for five days.",
    .fix =
        "Raise net.netfilter.nf_conntrack_max together with nf_conntrack_buckets, shorten the "
        "timeouts, or do not track traffic that needs no state.",
    .source =
        "net/netfilter/nf_conntrack_core.c __nf_conntrack_alloc(); "
        "Documentation/networking/nf_conntrack-sysctl.rst",
    .reads = {kMax, kBuckets, kCount},
    .check = check,
};

}  // namespace tuner::rules::conntrack_table_near_full
