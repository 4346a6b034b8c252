#include <fmt/format.h>

#include <algorithm>

#include "core/judge/evidence.hpp"
#include "core/judge/fill.hpp"
#include "core/judge/findings.hpp"
#include "core/text/human.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules {

namespace {

struct Family {
  const char* key;
  const char* source;
  Observed<NeighbourTable> HostSnapshot::*table;
};

constexpr Family kFamilies[] = {
    {"net.ipv4.neigh.default.gc_thresh3", "/proc/net/stat/arp_cache", &HostSnapshot::neighbours_v4},
    {"net.ipv6.neigh.default.gc_thresh3", "/proc/net/stat/ndisc_cache",
     &HostSnapshot::neighbours_v6},
};

Finding judge_family(const Family& family, const HostSnapshot& host) {
  const auto& table = host.*family.table;
  const auto limit = host.number(family.key);
  if (!limit && limit.error().why == Unread::Why::absent) {
    return judge::skipped(family.key, "The limit is the initial namespace's, and not seen here.");
  }
  if (!limit) return judge::unknown(family.key, limit.error());
  if (!table) return judge::not_seen(family.key, table.error(), host);
  const std::string state = fmt::format("{} neighbours are known, {} are allowed.",
                                        text::grouped(table->entries), text::grouped(*limit));
  auto severity = judge::weigh_fill(table->entries, *limit);
  if (table->table_fulls > 0) {
    severity = std::max(severity.value_or(Severity::warning), Severity::warning);
  }
  if (!severity) return judge::key_passed(family.key, host, state);
  Finding finding = judge::key_failed(*severity, family.key, host, state);
  finding.evidence = {{.source = family.source,
                       .name = "entries",
                       .value = std::to_string(table->entries),
                       .meaning = "neighbours in all namespaces together"},
                      {.source = family.source,
                       .name = "table_fulls",
                       .value = std::to_string(table->table_fulls),
                       .meaning = "neighbours that found no room, since boot"}};
  finding.fix = {.kind = Fix::Kind::sysctl,
                 .text = fmt::format("{} = {}, and gc_thresh2 to half of it", family.key,
                                     std::max(*limit, table->entries) * 2)};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const Family& family : kFamilies) findings.push_back(judge_family(family, input.host));
  return findings;
}

constexpr std::string_view kReads[] = {"net.ipv4.neigh.default.gc_thresh3",
                                       "net.ipv6.neigh.default.gc_thresh3"};

}  // namespace

extern const Rule neighbour_table_near_full;

const Rule neighbour_table_near_full{
    .id = "neighbour-table-near-full",
    .what = "The table of neighbours is nearly full, or was.",
    .why =
        "Every address on a directly attached network that is spoken to has an entry. Without room "
        "for a new one, packets to it are dropped with \"neighbour table overflow\" in the log, "
        "however idle the host is. Hosts of many containers and flat networks meet this.",
    .fix =
        "Raise gc_thresh3, and gc_thresh2, from which on the kernel collects eagerly. The table is "
        "one for all namespaces.",
    .source =
        "net/core/neighbour.c neigh_alloc(); Documentation/networking/ip-sysctl.rst gc_thresh3",
    .reads = kReads,
    .check = check,
};

}  // namespace tuner::rules
