#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::conntrack_insert_clash {

namespace {

constexpr const char* kSubject = "conntrack";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.conntrack) return {};  // conntrack-table-near-full says that nothing is tracked
  const std::int64_t clashes = host.conntrack->insert_failed;
  if (clashes == 0) return {judge::passed(kSubject, "No packets clashed over an entry.")};
  Finding finding = judge::failed(
      clashes < judge::threshold::kLeastEvents ? Severity::info : Severity::warning, kSubject,
      fmt::format("{} packets were dropped {}: another packet with the same addresses and ports "
                  "had just entered the table. This is not a sysctl problem.",
                  text::grouped(clashes), text::counted_since(host)));
  finding.evidence = {{.source = "/proc/net/stat/nf_conntrack",
                       .name = "insert_failed",
                       .value = std::to_string(clashes),
                       .meaning = "packets lost to a clash; also counted in drop"}};
  finding.fix = {.kind = Fix::Kind::application,
                 .text =
                     "For source NAT use --random-fully (nft: fully-random). For DNS over DNAT, "
                     "where two queries leave one socket at once, use a cache on the node or the "
                     "resolver option single-request-reopen."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "conntrack-insert-clash",
    .what = "Packets clashed over an entry of the connection tracking table and were dropped.",
    .why =
        "Two packets whose addresses and ports become the same by NAT, or the first two of one UDP "
        "socket at once, race to enter the table; the second is dropped. DNS lookups then take "
        "five seconds, connects one. A larger table does not help.",
    .fix =
        "Let source NAT choose ports at random (--random-fully), and keep DNS queries from racing.",
    .source =
        "net/netfilter/nf_conntrack_core.c nf_ct_resolve_clash(), __nf_conntrack_confirm(); "
        "kubernetes issue 56903",
    .check = check,
};

}  // namespace tuner::rules::conntrack_insert_clash
