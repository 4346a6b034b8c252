#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "judge/level.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::neighbour_table_near_full {

namespace {

/// Between the second threshold and the third new neighbours make the kernel look for old ones to
/// forget, so the second goes along.
Fix fix_for(const judge::NeighbourFamily& family, std::int64_t third) {
  const std::string key = family.key;
  Fix fix = judge::set(key, std::to_string(third));
  fix.settings.insert(fix.settings.begin(),
                      {key.substr(0, key.size() - 1) + "2", std::to_string(third / 2)});
  return fix;
}

Finding judge_family(const judge::NeighbourFamily& family, const HostSnapshot& host) {
  const auto& table = host.*family.table;
  const auto limit = host.number(family.key);
  if (!limit && limit.error().why == Unread::Why::absent) {
    return judge::skipped(family.key,
                          "The limit belongs to the initial namespace and is not visible here.");
  }
  if (!limit) return judge::unknown(family.key, limit.error());
  const auto level = judge::neighbour_level(family, host);
  if (!level) return judge::not_seen(family.key, level.error(), host);
  const std::string state = fmt::format("{} of at most {} neighbours are known.",
                                        text::grouped(level->used), text::grouped(level->limit));
  const bool was_full = table->table_fulls > 0;
  const bool near = judge::weigh_fill(level->used, level->limit).has_value();
  if (!was_full && !near) return judge::key_passed(family.key, host, state);
  Finding finding = judge::key_failed(
      was_full ? Severity::warning : Severity::info, family.key, host,
      was_full ? fmt::format("{} found no room {}. {}",
                             text::plural(table->table_fulls, "neighbour", "neighbours"),
                             text::machine_counted_since(host), state)
               : state + " Permanent entries and those learned by a routing daemon do not count.");
  finding.evidence = {{.source = family.source,
                       .name = "entries",
                       .value = std::to_string(level->used),
                       .meaning = "neighbours in all namespaces together"},
                      {.source = family.source,
                       .name = "table_fulls",
                       .value = std::to_string(table->table_fulls),
                       .meaning = "neighbours that found no room"}};
  finding.fix = fix_for(family, std::max(level->limit, level->used) * 2);
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const judge::NeighbourFamily& family : judge::kNeighbourFamilies) {
    findings.push_back(judge_family(family, input.host));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "neighbour-table-near-full",
    .what = "The table of neighbours was full, or may soon be.",
    .why =
        "Every address contacted on a directly attached network has an entry. Without room "
        "for a new one, packets to it are dropped with \"neighbour table overflow\" in the log, "
        "however idle the host is. Hosts with many containers and flat networks run into this.",
    .fix =
        "Raise gc_thresh3, and gc_thresh2, above which the kernel collects eagerly. All namespaces "
        "share one table; since 5.0 permanent and externally learned entries do not count against "
        "the limit, and no file shows how many there are.",
    .source =
        "net/core/neighbour.c neigh_alloc(), gc_entries since commit 58956317c8de (5.0); "
        "Documentation/networking/ip-sysctl.rst gc_thresh3",
    .reads = {"net.ipv4.neigh.default.gc_thresh3", "net.ipv6.neigh.default.gc_thresh3"},
    .check = check,
};

}  // namespace tuner::rules::neighbour_table_near_full
