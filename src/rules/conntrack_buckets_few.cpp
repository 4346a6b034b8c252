#include <fmt/core.h>

#include "judge/findings.hpp"
#include "knowledge/constraints.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::conntrack_buckets_few {

namespace {

constexpr const char* kMax = "net.netfilter.nf_conntrack_max";
constexpr const char* kBuckets = "net.netfilter.nf_conntrack_buckets";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto limit = host.number(kMax);
  const auto buckets = host.number(kBuckets);
  if (!limit && limit.error().why == Unread::Why::absent) {
    return {judge::skipped(kBuckets, "Connections are not tracked: nf_conntrack is not loaded.")};
  }
  if (!limit) return {judge::unknown(kBuckets, limit.error())};
  if (!buckets || *buckets <= 0) {
    return {judge::unknown(
        kBuckets, buckets ? Unread{.why = Unread::Why::malformed, .detail = "no number of buckets"}
                          : buckets.error())};
  }
  const std::string state = fmt::format("{} buckets hold up to {} connections.",
                                        text::grouped(*buckets), text::grouped(*limit));
  if (constraints::kBucketsSuffice.holds_for({*limit, *buckets}))
    return {judge::key_passed(kBuckets, host, state)};
  Finding finding =
      judge::key_failed(Severity::info, kBuckets, host,
                        fmt::format("{} Each packet then searches {} entries on average.", state,
                                    text::grouped(*limit * 2 / *buckets)));
  finding.wanted = std::to_string(*limit);
  finding.evidence = {{.source = "/proc/sys/net/netfilter/nf_conntrack_max",
                       .name = kMax,
                       .value = std::to_string(*limit),
                       .meaning = "connections, each in two buckets"}};
  finding.fix = judge::set(kBuckets, std::to_string(*limit));
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "conntrack-buckets-few",
    .what = "The table of tracked connections has few buckets for its maximum.",
    .why =
        "Each connection is in the table twice, and every packet searches the entries of its "
        "bucket. By default the kernel has as many buckets as connections; raising only the "
        "maximum makes each packet more expensive as the table fills.",
    .fix = "Raise net.netfilter.nf_conntrack_buckets to nf_conntrack_max; a bucket costs 8 bytes.",
    .source =
        "net/netfilter/nf_conntrack_core.c nf_conntrack_init_start(); "
        "Documentation/networking/nf_conntrack-sysctl.rst",
    .reads = {kMax, kBuckets},
    .check = check,
};

}  // namespace tuner::rules::conntrack_buckets_few
